"""Players who do anything at all leave the game whole."""

from tests.games.bots import Bot


def test_whatever_a_player_does_the_game_stays_whole() -> None:
    """Whatever is walked to, clicked, paid and said: money and things keep their bounds, and a save holds all."""
    bot = Bot(1)
    bot.play(1_500)
    assert bot.turns > 10
