"""Amounts in digits, words and mixed forms, and what only looks like one."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npc.grounding import find_numbers
from npc.grounding.numbers import MAX_CHARACTERS

CASES: list[tuple[str, list[int]]] = [
    # digits
    ("20", [20]),
    ("20 gold", [20]),
    ("0", [0]),
    ("I'll pay 7.", [7]),
    ("7!", [7]),
    ("(7)", [7]),
    ("'7'", [7]),
    ("1,200", [1200]),
    ("1,200,300 coins", [1200300]),
    ("12,00", []),
    ("0,500", []),
    ("1,2,3", []),
    ("20,no,25", [20, 25]),
    ("20, 25", [20, 25]),
    ("20gp", [20]),
    ("20g", [20]),
    ("20gold", [20]),
    ("20GP", [20]),
    ("20c", [20]),
    ("2k", [2000]),
    ("2K gold", [2000]),
    ("2.5k", [2500]),
    ("1,5k", []),
    ("5x bread", [5]),
    ("bread x5", [5]),
    ("x5x", []),
    ("$20", [20]),
    ("£15", [15]),
    ("+5", [5]),
    ("2 to 5", [2, 5]),
    ("5-10 gold", [5, 10]),
    ("5–10 gold", [5, 10]),
    ("a 20-gold bribe", [20]),
    ("20/30", []),
    ("007", [7]),
    ("5️⃣", [5]),
    ("５０ gold", [50]),
    ("２，５００", [2500]),
    ("999999999999999", [999999999999999]),
    ("9999999999999999", []),
    ("9" * 5000, []),
    # not amounts
    ("2.5", []),
    ("2.5 gold", []),
    (".5 gold", []),
    ("2,5", []),
    ("1.2.3", []),
    ("3.0", []),
    ("the 3rd", []),
    ("1st", []),
    ("22nd", []),
    ("b4", []),
    ("room12", []),
    ("room-5", []),
    ("agent_7", []),
    ("#7", []),
    ("2D", []),
    ("1e5", []),
    ("0x10", []),
    ("1_000", []),
    ("10%", []),
    ("10 %", []),
    ("ten percent", []),
    ("ten per cent", []),
    ("5:30", []),
    ("5 pm", []),
    ("ten o'clock", []),
    ("2024-01-02", []),
    ("555-1234-22", []),
    ("5²", []),
    ("٢٠", []),
    ("२०", []),
    ("", []),
    ("no numbers here", []),
    # negative
    ("-5", [-5]),
    ("I pay -5 gold", [-5]),
    ("−5", [-5]),
    ("−$5", [-5]),
    ("-$5", [-5]),
    ("minus five", [-5]),
    ("minus 5", [-5]),
    ("negative twenty", [-20]),
    ("minus a hundred", [-100]),
    ("10 minus 5", [10, -5]),
    ("--5", [-5]),
    ("here - 5 gold", [5]),
    ("here —5 gold", [5]),
    # words
    ("five", [5]),
    ("zero", [0]),
    ("Twenty", [20]),
    ("TWENTY-FIVE", [25]),
    ("twenty five", [25]),
    ("twentyfive", [25]),
    ("fourty", [40]),
    ("ninety-nine gold", [99]),
    ("five and twenty gold", [25]),
    ("four-and-twenty", [24]),
    ("between five and twenty", [5, 20]),
    ("twenty, five", [20, 5]),
    ("five, ten, fifteen", [5, 10, 15]),
    ("fifty fifty", [50, 50]),
    ("a hundred", [100]),
    ("hundred gold", [100]),
    ("one hundred", [100]),
    ("two hundred and three", [203]),
    ("two hundred three", [203]),
    ("a hundred and ten", [110]),
    ("a thousand", [1000]),
    ("one thousand two hundred and fifty", [1250]),
    ("one thousand, two hundred", [1200]),
    ("a thousand, ten, whatever", [1000, 10]),
    ("a thousand and one", [1001]),
    ("one hundred and twenty-five thousand", [125000]),
    ("a million two hundred thousand and five", [1200005]),
    ("5 hundred", [500]),
    ("5 thousand", [5000]),
    ("2 thousand 5 hundred", [2500]),
    ("2.5 thousand", [2500]),
    ("two and a half thousand", [2500]),
    ("1.23 hundred", [123]),
    ("1.234 hundred", []),
    ("a dozen", [12]),
    ("dozen eggs", [12]),
    ("two dozen", [24]),
    ("3 dozen", [36]),
    ("half a dozen", [6]),
    ("half dozen", [6]),
    ("a half dozen", [6]),
    ("a baker's dozen", [13]),
    ("half a hundred", [50]),
    ("half a thousand", [500]),
    ("two score", [40]),
    ("threescore", [60]),
    ("three score and ten", [70]),
    ("a score of coins", [20]),
    ("a score to settle", []),
    ("let us settle a score", []),
    ("I have a score with him", []),
    ("would a score do", [20]),
    ("a score, then", [20]),
    ("a couple of coins", [2]),
    ("a pair of boots", [2]),
    ("a couple of hundred", [200]),
    ("twain", [2]),
    ("a coin", [1]),
    ("a gold coin", [1]),
    ("a single gold piece", [1]),
    ("an apple", []),
    ("two grand", [2000]),
    ("a grand hall", []),
    ("twenty—no, thirty", [20, 30]),
    ("20, no, 25", [20, 25]),
    ("not 20 but 25", [20, 25]),
    ("twenty gold and a hundred thanks", [20, 100]),
    # words that only look like amounts
    ("second", []),
    ("the third man", []),
    ("twenty-second", []),
    ("twenty first", []),
    ("two hundred and third", []),
    ("two thirds", []),
    ("three quarters of it", []),
    ("three and a half", []),
    ("two point five", []),
    ("half my gold", []),
    ("a few hundred", []),
    ("several dozen", []),
    ("hundreds of coins", []),
    ("thousands", []),
    ("quarter of a hundred", []),
    ("no one", []),
    ("this one", []),
    ("have you ever broken a rule, even a tiny one?", []),
    ("the red one, please", []),
    ("how do I get one?", []),
    ("I'll get one ale", [1]),
    ("give the man one", [1]),
    ("a coin, or one of silver", [1, 1]),
    ("which one", []),
    ("the one I like", []),
    ("give me one", [1]),
    ("the one hundred gold", [100]),
    ("often someone won a stone tone", []),
    ("eighty-eight", [88]),
    # slips of the finger
    ("twnety gold", [20]),
    ("thirtty", [30]),
    ("hunderd", [100]),
    ("hudnred", [100]),
    ("two hunred and ten", [210]),
    ("seventen", [17]),
    ("forteen", [14]),
    ("ninty", [90]),
    ("ninteen", [19]),
    ("twenty-fve", [25]),
    ("thirty-sevn", [37]),
    ("twenty-eighth", []),
    ("I'm thirsty", []),
    ("an elven tree", []),
    ("prithee, come forth", []),
    ("the seventh", []),
    ("eightt", []),
    ("tow", []),
    ("attention", []),
    ("tenfold", []),
]


@pytest.mark.parametrize(("text", "values"), CASES, ids=[text[:30] for text, _ in CASES])
def test_amounts_are_read_as_a_person_reads_them(text: str, values: list[int]) -> None:
    """Every amount in a line is found in order, and nothing that only looks like one."""
    assert [number.value for number in find_numbers(text)] == values


def test_the_table_is_large() -> None:
    """At least 120 forms are pinned, so that a change to the grammar shows."""
    assert len(CASES) >= 120


def test_spans_cover_what_was_said() -> None:
    """A number's span is the text it was read from, its sign and article included."""
    text = "Take 1,200 gold, or minus five, or half a hundred."
    assert [text[n.start : n.end] for n in find_numbers(text)] == ["1,200", "minus five", "half a hundred"]


def test_spans_stay_true_where_small_letters_are_longer() -> None:
    """A letter whose small form has two characters moves no span."""
    text = "İİİ TWENTY gold"
    (number,) = find_numbers(text)
    assert text[number.start : number.end] == "TWENTY"


@given(st.text(max_size=200))
def test_any_text_is_read_without_harm(text: str) -> None:
    """Whatever is typed, numbers come back in order, with spans inside the text that do not overlap."""
    end = 0
    for number in find_numbers(text):
        assert end <= number.start < number.end <= len(text)
        end = number.end


_WORDS = (
    "one five twenty ninety hundred thousand dozen half a and score couple of minus - , 20 1,200 2.5 third point x5 k"
)


@given(st.lists(st.sampled_from(_WORDS.split()), max_size=14).map(" ".join))
def test_number_words_in_any_order_are_read_without_harm(text: str) -> None:
    """Nonsense made of number words neither crashes nor yields overlapping numbers."""
    end = 0
    for number in find_numbers(text):
        assert end <= number.start < number.end <= len(text)
        end = number.end


@given(st.integers(min_value=0, max_value=10**15 - 1))
def test_digits_are_their_value(value: int) -> None:
    """Plain digits and digits with thousands separators read as their value, alone or in a sentence."""
    assert [n.value for n in find_numbers(f"I offer {value} gold")] == [value]
    assert [n.value for n in find_numbers(f"{value:,}")] == [value]


@given(st.integers(min_value=1, max_value=999_999))
def test_a_number_spelt_out_is_its_value(value: int) -> None:
    """Every number up to a million, spelt out in words, reads as its value."""
    assert [n.value for n in find_numbers(_spelt(value))] == [value]


_SMALL = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen"""
_TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety"


def _spelt(value: int) -> str:
    small, tens = _SMALL.split(), _TENS.split()
    if value < 20:
        return small[value]
    if value < 100:
        return tens[value // 10] + (f"-{small[value % 10]}" if value % 10 else "")
    if value < 1000:
        return f"{small[value // 100]} hundred" + (f" and {_spelt(value % 100)}" if value % 100 else "")
    rest = value % 1000
    joint = " and " if 0 < rest < 100 else " "
    return f"{_spelt(value // 1000)} thousand" + (joint + _spelt(rest) if rest else "")


@pytest.mark.parametrize("unit", ["twenty ", "1,", "-5", "a ", "one hundred and ", "5 thousand ", "٢", "9"])
def test_two_megabytes_are_read_quickly(unit: str) -> None:
    """A pasted wall of text costs no more than its first characters, and time linear in them."""
    text = unit * (2_000_000 // len(unit))
    started = time.perf_counter()
    found = find_numbers(text)
    assert time.perf_counter() - started < 2.0
    assert all(number.end <= MAX_CHARACTERS for number in found)
