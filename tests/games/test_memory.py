"""The demo holds no more memory than it needs."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from games.keep.memory import give_back_freed, give_back_large_blocks

ROOT = Path(__file__).resolve().parents[2]
FREED_AND_HELD = """
from pathlib import Path
from games.keep.memory import give_back_large_blocks

def megabytes():
    return int(Path("/proc/self/status").read_text().split("VmRSS:")[1].split()[0]) / 1024

if {told}:
    give_back_large_blocks()
del (first := [bytearray(30_000_000)])[:]
before = megabytes()
blocks = [bytearray(1_000_000) for _ in range(60)]
pins = []
for place in range(60):
    pins.append(bytearray(1_000))
    blocks[place] = bytearray(2_000_000)
del blocks
print(megabytes() - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="it is glibc that keeps freed blocks")
def test_large_blocks_go_back_to_the_system_when_freed() -> None:
    """What was freed between small things that stay is not held on to."""

    def held(*, told: bool) -> float:
        program = FREED_AND_HELD.format(told=told)
        run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True)
        return float(run.stdout)

    assert held(told=True) < 5
    assert held(told=False) > held(told=True)


FREED_AMONG_SMALL = """
from pathlib import Path
from games.keep.memory import give_back_freed

def megabytes():
    return int(Path("/proc/self/status").read_text().split("VmRSS:")[1].split()[0]) / 1024

before = megabytes()
blocks = [bytearray(20_000) for _ in range(3_000)]
pins = blocks[::30]
del blocks
held = megabytes() - before
give_back_freed()
print(held, megabytes() - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="it is glibc that keeps freed blocks")
def test_what_is_free_between_small_things_goes_back_when_asked() -> None:
    """Small blocks that were freed are held until they are asked for."""
    program = [sys.executable, "-c", FREED_AMONG_SMALL]
    run = subprocess.run(program, cwd=ROOT, check=True, capture_output=True, text=True)
    held, left = map(float, run.stdout.split())
    assert left < held / 2


def test_another_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is nothing to tell, nothing happens."""
    monkeypatch.setattr(sys, "platform", "win32")
    assert not give_back_large_blocks()
    assert not give_back_freed()
