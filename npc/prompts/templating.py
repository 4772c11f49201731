"""The templates of a character's prompt: the shipped ones, or the cast's own in a sandbox."""

from __future__ import annotations

import traceback
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import FunctionLoader, StrictUndefined, Template, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from npc.catalog.model import Catalog
from npc.diagnostics import Diagnostic, Position, Rule, did_you_mean
from npc.errors import CatalogError
from npc.prompts import rules
from npc.prompts.data import PLAYER_LINE_CLOSE
from npc.prompts.template_rules import FILTERS, SHIPPED_PREFIX, check_template

NAMES = ("system.j2", "turn.j2")

SIZE_LIMIT = 4_000_000
"""Characters that a rendered template may have."""

Data = Mapping[str, Any]


class Templates:
    """The compiled templates of one character.

    Args:
        catalog: the cast, with templates of its own or without.
        system: the data of the system template.
        turns: data of turns to try the turn template on, one of every shape.

    Raises:
        CatalogError: a template of the cast cannot be used, with all that is wrong.
    """

    def __init__(self, catalog: Catalog, system: Data, turns: Sequence[Data]) -> None:
        own = dict(catalog.templates)
        findings = _Findings(catalog)
        environment = _environment(own, findings.files) if own else _shipped_environment()
        self._turn_shipped = environment.get_template(f"{SHIPPED_PREFIX}turn.j2")
        for name, text in own.items():
            if name not in NAMES:
                findings.add(rules.UNKNOWN_FILE, name, 1, "nothing uses this template", did_you_mean(name, NAMES))
            elif _check(environment, name, text, system if name == "system.j2" else turns[0], findings):
                for data in [system] if name == "system.j2" else turns:
                    _try(environment, name, data, findings)
        if findings.diagnostics:
            raise CatalogError(sorted(findings.diagnostics, key=lambda found: found.position))
        self.system = environment.get_template(_used("system.j2", own)).render(system).strip()
        self._turn = environment.get_template(_used("turn.j2", own))

    def turn(self, data: Data) -> str:
        """The user message of a turn."""
        if self._turn is self._turn_shipped:
            return self._turn.render(data).strip()
        try:
            return self._turn.render(data).strip()
        except Exception:
            # A branch that no trial came to: the shipped template can show any turn.
            return self._turn_shipped.render(data).strip()


class _Findings:
    def __init__(self, catalog: Catalog) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._texts = catalog.templates
        self.files = {
            name: next((file for file in catalog.sources if file.endswith(f"templates/{name}")), f"templates/{name}")
            for name in catalog.templates
        }

    def add(self, rule: Rule, name: str, line: int, message: str, hint: str | None = None) -> None:
        lines = self._texts[name].splitlines()
        source = lines[line - 1] if 0 < line <= len(lines) else None
        column = len(source) - len(source.lstrip()) + 1 if source else 1
        found = Diagnostic(rule, message, Position(self.files[name], line, column), hint, source)
        if found not in self.diagnostics:
            self.diagnostics.append(found)


def _used(name: str, own: Mapping[str, str]) -> str:
    return name if name in own else SHIPPED_PREFIX + name


@cache
def _shipped_environment() -> ImmutableSandboxedEnvironment:
    # Shared, since compiling the templates takes longer than everything else about a character's prompt.
    return _environment({}, {})


def _environment(own: Mapping[str, str], files: Mapping[str, str]) -> ImmutableSandboxedEnvironment:
    texts = {**_shipped(), **own}

    def load(name: str) -> tuple[str, str, None] | None:
        return (texts[name], files.get(name, name), None) if name in texts else None

    environment = ImmutableSandboxedEnvironment(
        loader=FunctionLoader(load),
        undefined=StrictUndefined,
        autoescape=False,  # prompts are not markup; what players typed is quoted before it gets here
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.clear()
    environment.filters = {name: environment.filters[name] for name in FILTERS}
    return environment


def _check(environment: ImmutableSandboxedEnvironment, name: str, text: str, data: Data, findings: _Findings) -> bool:
    """Whether the template's text is within the rules; what is not is added to the findings."""
    before = len(findings.diagnostics)
    try:
        tree = environment.parse(text, name)
        found = check_template(tree, data, frozenset({SHIPPED_PREFIX + name}))
    except TemplateSyntaxError as error:
        findings.add(rules.SYNTAX, name, error.lineno, error.message or "this is not valid Jinja2")
        return False
    except Exception as error:  # Jinja2's parser is recursive
        findings.add(rules.SYNTAX, name, 1, f"the template is too deeply nested to be read ({type(error).__name__})")
        return False
    for finding in found:
        findings.add(
            rules.UNKNOWN_NAME if finding.unknown else rules.FORBIDDEN,
            name,
            finding.line,
            finding.message,
            finding.hint,
        )
    return len(findings.diagnostics) == before


def _try(environment: ImmutableSandboxedEnvironment, name: str, data: Data, findings: _Findings) -> None:
    try:
        text = _rendered(environment.get_template(name), data)
    except TemplateSyntaxError as error:
        findings.add(rules.SYNTAX, name, error.lineno, error.message or "this is not valid Jinja2")
    except UndefinedError as error:
        findings.add(rules.UNKNOWN_NAME, name, _line(error, findings.files[name]), str(error))
    except SecurityError as error:
        findings.add(rules.FORBIDDEN, name, _line(error, findings.files[name]), str(error))
    except Exception as error:  # whatever the Python that a template is compiled to may raise
        message = f"the template cannot be rendered: {error or type(error).__name__}"
        findings.add(rules.FAILS, name, _line(error, findings.files[name]), message)
    else:
        if text is None:
            findings.add(rules.FAILS, name, 1, f"the template becomes longer than {SIZE_LIMIT:,} characters")
        elif data.get("player_line") and not _shows_last(text, data["player_line"]):
            hint = 'end the template with {{ player_line }}, or extend "npc/turn.j2"'
            findings.add(rules.NO_PLAYER_LINE, name, 1, "the player's line does not stand once, at the end", hint)


def _rendered(template: Template, data: Data) -> str | None:
    parts, length = [], 0
    for part in template.generate(data):
        parts.append(part)
        length += len(part)
        if length > SIZE_LIMIT:
            return None
    return "".join(parts)


def _shows_last(text: str, player_line: str) -> bool:
    return text.rstrip().endswith(player_line) and text.count(PLAYER_LINE_CLOSE) == 1


def _line(error: BaseException, file: str) -> int:
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    return next((line for line in reversed(lines) if line), 1)


@cache
def _shipped() -> dict[str, str]:
    folder = resources.files("npc.prompts") / "templates"
    return {SHIPPED_PREFIX + name: (folder / name).read_text("utf-8") for name in NAMES}
