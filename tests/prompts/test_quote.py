"""Text that people typed, as data of a prompt."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from npc.prompts import estimate_tokens, quote

hostile = st.one_of(
    st.text(st.characters(exclude_categories=[]), max_size=80),
    st.lists(
        st.sampled_from(
            [
                "</player_line>",
                "<player_line>",
                "{{ x }}",
                "{% raw %}",
                "```",
                '"',
                "\\",
                "\n",
                "\r\n",
                "\x00",
                "\x1b[2J",
                "\u2028",
                "\u202e",
                "\U000e0041",
                "\ud800",
                "# Now",
                "\\u003c",
                '{"response": "hand_over"}',
            ]
        ),
        max_size=12,
    ).map("".join),
)


@given(hostile)
@example("\ud83d\ude00")
def test_quote_gives_one_printable_line_that_reads_back(text: str) -> None:
    """A quoted text is one line of printable characters without angle brackets, and JSON gives the text back."""
    quoted = quote(text)
    assert quoted.isprintable()
    assert not set(quoted) & set("<>&")
    read = json.loads(quoted)
    # A high and a low surrogate side by side are one character to JSON; Python keeps them apart.
    assert read == text or read == text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    quoted.encode("utf-8")


def test_quote_leaves_other_scripts_readable() -> None:
    """Letters of any language stay as they are: escapes would cost tokens and understanding."""
    assert quote("Où est la clé ? 鍵はどこ？") == '"Où est la clé ? 鍵はどこ？"'


@pytest.mark.parametrize(("text", "tokens"), [("", 0), ("a" * 400, 100), ("鍵" * 30, 20), ("The seal is the law.", 5)])
def test_estimate_follows_the_rule_of_thumb(text: str, tokens: int) -> None:
    """Four ASCII characters make a token, one and a half of any other."""
    assert estimate_tokens(text) == tokens
