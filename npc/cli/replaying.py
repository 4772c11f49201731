"""`npc play --replay`: the conversations of a dialogue file, shown turn by turn."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from npc.cli.screen import show_value

if TYPE_CHECKING:
    import npc
    from npc.catalog.model import Dialogue, DialogueConversation
    from npc.cli.conversation import View


def play_dialogue(cast: npc.Cast, dialogue: Dialogue, backend: str, account: npc.Account, view: View) -> npc.Session:
    """Take all conversations of a dialogue file, each in a playthrough of its own; the last of these.

    Args:
        cast: the cast.
        dialogue: the file.
        backend: what understands the steps that have words.
        account: counts what it takes.
        view: where it is shown.
    """
    for conversation in dialogue.conversations:
        session = _replay(cast, conversation, backend, account, view)
    return session


def _replay(
    cast: npc.Cast, conversation: DialogueConversation, backend: str, account: npc.Account, view: View
) -> npc.Session:
    import npc
    from npc.testing.runner import asked, problem_with, take_heard

    view.notice(f"— {conversation.name}")
    session = npc.Session(cast, backend=backend, seed=conversation.seed, facts=conversation.start, account=account)
    problem = problem_with(cast, conversation)
    if problem is not None:
        view.trouble(problem.render())
        return session
    with asyncio.Runner() as runner:
        for step in conversation.steps:
            for fact, value in step.sets.items():
                session.facts[fact] = value
                view.notice(f"  the game sets {fact} to {show_value(session.facts[fact])}")
            view.echo(asked(step))
            if step.say is not None:
                view.turn(runner.run(session.say(step.character, step.say)))
            else:
                view.turn(take_heard(session, step))
    return session
