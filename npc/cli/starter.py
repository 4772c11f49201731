"""The files that `npc new` writes: small, complete, and commented for whoever opens them first."""

from __future__ import annotations

from collections.abc import Collection

COURTESIES = {
    "greet": ("The player greets the character.", ("hello", "hi there", "good morning", "well met")),
    "farewell": ("The player takes leave.", ("goodbye", "see you later", "I must be going", "good night")),
    "yes": ("The player agrees or accepts.", ("'yes'", "sure", "of course", "all right then", "agreed")),
    "no": ("The player refuses or declines.", ("'no'", "never", "I would rather not", "certainly not")),
    "thanks": ("The player thanks the character.", ("thanks", "thank you kindly", "much obliged")),
}
"""The shared intents that the starter's character uses, by id, with meaning and examples."""


def render(text: str, name: str, shared: Collection[str] | None = None) -> str:
    """A starter file's text for a cast of that name.

    Args:
        shared: ids of the intents that the cast may `use`; what is not among them is written into the character's own
            file. None: those that come with this package, which are enough.
    """
    known = [id for id in COURTESIES if shared is None or id in shared]
    own = "".join(
        f"  {id}:\n    means: {means}\n    examples: [{', '.join(examples)}]\n"
        for id, (means, examples) in COURTESIES.items()
        if id not in known
    )
    use = f"use: [{', '.join(f'common.{id}' for id in known)}]\n\n" if known else ""
    text = text.replace("OWN_COURTESIES\n", own).replace("SHARED_COURTESIES\n\n", use)
    return text.replace("CAST", name).replace("TITLE", name.replace("_", " ").title())


_WORLD = """\
# What all characters of this cast share. `npc check` finds mistakes; the pages under docs/ explain every key.
world: CAST
title: TITLE

items:
  room_key: {name: the key to the room, names: [room key, key]}
  stew:     {name: a bowl of stew, names: [stew, bowl, food]}

facts:                              # the state of the game; `owner: game` lets the game itself change it
  player.gold:  {type: int, min: 0, max: 999, initial: 10, owner: game}
  player.items: {type: bag, initial: {}, owner: game}

effects:                            # all that talking may do
  give: {args: {item: item}, do: 'player.items[item] += 1', means: Put an item into the player's bag.}
  pay:  {args: {amount: {type: int, min: 1}}, do: 'player.gold -= amount', means: The player pays that much gold.}

invariants: ['player.gold >= 0']
events: [approach]                  # what can happen without words: /event approach
"""

_KEEPER = """\
character: keeper
name: Old Marl
persona: Keeper of the house. Slow, kind, counts every coin twice. Never gives anything away for nothing.

facts:
  keeper.room_free: {type: bool, initial: true}
  keeper.bowls:     {type: int, min: 0, max: 5, initial: 3}

# What the player may say: in a sentence for a model, in examples for everyone. The more varied, the better.
intents:
  ask_room:
    means: The player asks for a room, a bed, or a place to sleep.
    examples:
      - have you got a room
      - I need a bed for the night
      - can I sleep here
      - is there a room free?
      - 'where can I spend the night?'
      - do you let rooms
      - I want to stay the night
      - is there a bed left
      - I'm tired and need to lie down
      - a place to stay, please
  ask_food:
    means: The player asks for something to eat, or for the stew.
    examples:
      - I'm hungry
      - what is there to eat
      - a bowl of stew please
      - can I have some food
      - what's cooking?
      - what's for supper
      - something warm, please
      - feed me
      - I'd like to eat
      - got any stew left
  ask_price:
    means: The player asks what something costs.
    examples:
      - how much is it
      - what does it cost
      - what do you charge
      - how much for the room?
      - what's the price
      - is it expensive
      - 'what do I owe you?'
      - how many coins is that
      - what would a night cost me
OWN_COURTESIES

SHARED_COURTESIES

tables:
  prices: {room_key: 6, stew: 2}

# The rules. They are run for real on every turn: whatever was understood, nothing else can happen.
logic: |
  def sell_stew():
      if keeper.bowls == 0:
          return say("pot_empty")
      if player.gold < prices["stew"]:
          return say("too_poor")
      pay(prices["stew"])
      give("stew")
      keeper.bowls -= 1
      return say("serve_stew", left=player.gold)

  if event == "approach" or heard.greet:
      return say("welcome")
  if heard.ask_room:
      if not keeper.room_free:
          return say("no_room")
      return say("offer_room", price=prices["room_key"])
  if heard.yes and last == "offer_room":
      if player.gold < prices["room_key"]:
          return say("too_poor")
      pay(prices["room_key"])
      give("room_key")
      keeper.room_free = False
      return say("hand_key")
  if heard.ask_food:
      return sell_stew()
  if heard.ask_price:
      return say("price_list", room=prices["room_key"], stew=prices["stew"])
  if heard.no and last == "offer_room":
      return say("as_you_like")
  if heard.thanks:
      return say("welcome_to_it")
  if heard.farewell:
      return say("goodbye")
  return say("shrug")

# Every line there is. Ids stay; texts may change. A list holds variants.
responses:
  welcome: ["Come in, come in. Mind the step.", "Evening. Wipe your boots and sit."]
  offer_room: "One room left. {price} gold, breakfast not included. Will you have it?"
  hand_key: "Here is the key. Second door. The bed squeaks, but only when you move."
  no_room: "No room left, I'm sorry to say. You have the last one, or somebody has."
  as_you_like: "As you like. The night is long and the road is wet."
  serve_stew: "Hot and brown. That leaves you {left} gold."
  pot_empty: "The pot is empty. I scraped it myself."
  price_list: "{room} gold for the room, {stew} for a bowl of stew."
  too_poor: "I count your coins, and I count too few of them."
  welcome_to_it: "You're welcome, I'm sure."
  goodbye: "Safe roads."
  shrug: ["A room, or a bowl of stew? I have nothing else.", "I am not sure I follow. Are you hungry, or tired?"]

otherwise: shrug                    # said when nothing else can be; it must always be sayable
"""

_README = """\
# TITLE

A small cast to start from: `world.yaml` holds what everyone shares, `keeper.yaml` is one character, and `seeds/`
holds a conversation that must keep coming out the same.

Talk with `npc play`, find mistakes with `npc check`, and run the conversation with `npc test`.
"""

_DIALOGUE = """\
# Conversations that must keep coming out the same: `npc test` runs them. A step is what is said, an event, or what is
# heard (which needs nothing that understands words).
dialogue: CAST
character: keeper
conversations:
  - name: a room is sold once
    steps:
      - event: approach
        expect: {response: welcome, effects: []}
      - say: Is there a room free?
        expect: {response: offer_room}
      - heard: {yes: {}}
        expect:
          response: hand_key
          effects: ['pay(6)', 'give("room_key")']
          facts: {player.gold: 4, keeper.room_free: false}
      - heard: {ask_room: {}}
        expect: {response: no_room, not_allowed: [offer_room]}

  - name: nobody eats for nothing
    start: {player.gold: 1}
    steps:
      - heard: {ask_food: {}}
        expect: {response: too_poor, effects: [], facts: {player.gold: 1}}
"""

FILES = {
    "world.yaml": _WORLD,
    "keeper.yaml": _KEEPER,
    "seeds/first.dialogue.yaml": _DIALOGUE,
    "README.md": _README,
}
