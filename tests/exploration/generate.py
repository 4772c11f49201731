"""Random small casts, as files: a few facts of each type, one to three characters, effects, invariants and goals."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from random import Random

MOODS = ("calm", "wary", "angry")
ITEMS = ("axe", "bun")
LINES = ("r0", "r1", "r2", "guarded", "idle_a", "idle_b", "shrug")


@dataclass
class Cast:
    """Draws one cast.

    Attributes:
        random: where choices come from.
        names: the characters.
        numbers, flags, moods, sets, bags: the facts there are, by type.
    """

    random: Random
    names: list[str] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    numbers: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    moods: list[str] = field(default_factory=list)
    sets: list[str] = field(default_factory=list)
    bags: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def write(self, folder: Path) -> Path:
        """Write the cast into a folder."""
        chance = self.random.random
        self.names = ["ada", "bert", "cora"][: self.random.choices((1, 2, 3), (6, 3, 1))[0]]
        self.declare("w.gold", "int", game=chance() < 0.5)
        if chance() < 0.5:
            self.declare("w.open", "bool", game=chance() < 0.3)
        if chance() < 0.4:
            self.declare("w.items", "bag", game=True)
        world = dict(self.facts)
        own: dict[str, dict[str, str]] = {}
        for name in self.names:
            self.facts = {}
            kinds = self.random.sample(["int", "bool", "one_of", "set", "int"], self.random.choice((1, 2, 2)))
            for number, kind in enumerate(kinds):
                self.declare(f"{name}.f{number}", kind)
            own[name] = self.facts
        folder.mkdir(parents=True, exist_ok=True)
        text = ["world: small", "title: Small", f"items: [{', '.join(ITEMS)}]", "facts:"]
        text += [f"  {name}: {declared}" for name, declared in world.items()]
        text += ["effects:", *self.effects()]
        text.append(f"invariants: [{', '.join(self.condition() for _ in range(self.random.choice((0, 1, 1))))}]")
        text.append(f"goals: [{', '.join(self.condition() for _ in range(self.random.choice((0, 1, 2))))}]")
        text.append("events: [bell]")
        (folder / "world.yaml").write_text("\n".join(text) + "\n", encoding="utf-8")
        for name in self.names:
            (folder / f"{name}.yaml").write_text(self.character(name, own[name]), encoding="utf-8")
        return folder

    def declare(self, name: str, kind: str, game: bool = False) -> None:
        owner = ", owner: game" if game else ""
        match kind:
            case "int":
                low, high = self.random.choice(((0, 3), (0, 2), (-1, 2), (0, 4)))
                declared = f"type: int, min: {low}, max: {high}, initial: {self.random.randint(low, high)}"
                self.numbers.append(name)
            case "bool":
                declared = f"type: bool, initial: {self.random.choice(('true', 'false'))}"
                self.flags.append(name)
            case "one_of":
                declared = f"one_of: [{', '.join(MOODS)}], initial: {self.random.choice(MOODS)}"
                self.moods.append(name)
            case "set":
                declared = f"type: set, of: [x, y], initial: [{self.random.choice(('', 'x', 'x, y'))}]"
                self.sets.append(name)
            case _:
                declared = f"type: bag, initial: {{{self.random.choice(('', 'axe: 1'))}}}"
                self.bags.append(name)
        self.facts[name] = f"{{{declared}{owner}}}"

    def effects(self) -> list[str]:
        found = ["  pay: {args: {amount: {type: int, min: 1}}, do: 'w.gold -= amount'}"]
        found.append("  earn: {args: {amount: int}, do: 'w.gold += amount'}")
        found.append("  top_up: {args: {amount: int}, do: 'w.gold = min(2, w.gold + amount)'}")
        if "w.open" in self.flags:
            found.append("  toggle: {do: 'w.open = not w.open'}")
        if self.bags:
            found.append("  give: {args: {item: item}, do: 'w.items[item] += 1'}")
            found.append("  take: {args: {item: item}, do: 'w.items[item] -= 1'}")
        found.append("  ring: {args: {foe: {one_of: [cat, dog]}}}")
        return found

    def condition(self) -> str:
        return "'" + self.test([], depth=1, plain=True).replace("'", "''") + "'"

    # --- one character

    def character(self, name: str, facts: dict[str, str]) -> str:
        self.owner = name
        self.own = list(facts)
        self.lines = []
        for _ in range(self.random.randint(2, 4)):
            self.statement([], 0, 2)
        if self.random.random() < 0.9:
            self.lines.append(self.answer())
        when = self.test([], depth=0, plain=True)
        text = [f"character: {name}", f"name: {name.title()}", "persona: Somebody.", "facts:"]
        text += [f"  {fact}: {declared}" for fact, declared in facts.items()]
        text += [
            "intents:",
            "  ask: {means: Asks., examples: [what]}",
            "  offer: {means: Offers., examples: ['{amount} gold'], slots: {amount: {type: int, min: 1, max: 2}}}",
            "  buy: {means: Buys., examples: ['one {item}'], slots: {item: {type: item, optional: true}}}",
            "logic: |",
            *(f"  {line}" for line in self.lines),
            "responses:",
            *(f"  {line}: Well." for line in ("r0", "r1", "r2", "shrug")),
            f"  guarded: {{text: Psst., when: '{when}'}}",
            "  idle_a: {text: Hm., tags: [idle]}",
            f"  idle_b: {{text: Oh., tags: [idle], when: '{when}'}}",
            "otherwise: shrug",
        ]
        return "\n".join(text) + "\n"

    def statement(self, heard: list[str], indent: int, depth: int) -> None:
        space = "    " * indent
        kind = self.random.choices(("hear", "if", "change", "effect", "match"), (5, 3, 3, 3, 1))[0]
        if not depth and kind in ("hear", "if", "match"):
            kind = self.random.choice(("change", "effect"))
        if kind == "hear":
            intent = self.random.choice(("ask", "offer", "buy"))
            extra = f" and {self.test([*heard, intent], 0)}" if self.random.random() < 0.5 else ""
            self.lines.append(f"{space}if heard.{intent}{extra}:")
            self.block([*heard, intent], indent + 1, depth - 1)
        elif kind == "if":
            self.lines.append(f"{space}if {self.test(heard, 1)}:")
            self.block(heard, indent + 1, depth - 1)
            if self.random.random() < 0.3:
                self.lines.append(f"{space}else:")
                self.block(heard, indent + 1, depth - 1)
        elif kind == "match" and self.moods:
            self.lines.append(f"{space}match {self.random.choice(self.moods)}:")
            self.lines.append(f'{space}    case "{self.random.choice(MOODS)}":')
            self.block(heard, indent + 2, depth - 1)
        elif kind == "effect":
            self.lines.append(space + self.effect(heard))
        else:
            self.lines.append(space + self.change(heard))

    def block(self, heard: list[str], indent: int, depth: int) -> None:
        for _ in range(self.random.choice((0, 1, 1, 2))):
            self.statement(heard, indent, depth)
        space = "    " * indent
        self.lines.append(space + (self.answer() if self.random.random() < 0.7 else "pass"))

    def answer(self) -> str:
        options = [
            'say("r0")',
            'say("r1")',
            'say("r2")',
            'say("guarded")',
            'say_any(tag="idle")',
            'say_any("r1", "r2")',
        ]
        return f"return {self.random.choice(options)}"

    def effect(self, heard: list[str]) -> str:
        options = [f"pay({self.random.choice((1, 2))})", f"earn({self.random.choice((1, 2))})", 'ring("cat")']
        options += [f"top_up({self.number(heard, 0)})", f"earn({self.number(heard, 1)})"]
        options += ["pay(heard.offer.amount)"] * 2 if "offer" in heard else []
        options += ["toggle()"] * 2 if "w.open" in self.flags else []
        if self.bags:
            options += ['give("axe")', 'take("axe")', 'take("bun")']
            options += [f'give("{self.random.choice(ITEMS)}" if heard.buy.item is None else heard.buy.item)'] * (
                "buy" in heard
            )
        return self.random.choice(options)

    def change(self, heard: list[str]) -> str:
        fact = self.random.choice(self.own)
        if fact in self.numbers:
            value = self.number(heard, 1)
            return self.random.choice(
                (
                    f"{fact} += 1",
                    f"{fact} -= 1",
                    f"{fact} = {self.random.randint(0, 2)}",
                    f"{fact} = {value}",
                    f"{fact} -= {self.number(heard, 0)}",
                    f"{fact} = max(0, min(2, {value}))",
                )
            )
        if fact in self.flags:
            return f"{fact} = {self.random.choice(('True', 'False', f'not {fact}', self.test(heard, 0)))}"
        if fact in self.moods:
            return f'{fact} = "{self.random.choice(MOODS)}"'
        return self.random.choice((f'{fact} += "x"', f'{fact} -= "y"', f'{fact} += "y"', f"{fact} = set()"))

    def number(self, heard: list[str], depth: int) -> str:
        options = [*self.numbers, *self.numbers, str(self.random.randint(0, 3))]
        options += ["heard.offer.amount"] * 3 if "offer" in heard else []
        options += ['min(4, w.items["axe"])'] if self.bags else []
        options += [f"len({name})" for name in self.sets]
        if not depth or self.random.random() < 0.5:
            return self.random.choice(options)
        left, right = self.random.choice(options), self.random.choice(options)
        form = self.random.choice(
            ("({} + {})", "({} - {})", "({} + {}) // 2", "({} - {}) % 3", "min({}, {})", "max({}, {})")
        )
        return form.format(left, right)

    def test(self, heard: list[str], depth: int, plain: bool = False) -> str:
        options = [
            f"{self.number(heard, 1)} {self.random.choice(('<', '<=', '==', '!=', '>', '>='))} {self.number(heard, 0)}"
        ] * 3
        options += [*self.flags, *(f"not {flag}" for flag in self.flags)]
        options += [f'{mood} {self.random.choice(("==", "!="))} "{self.random.choice(MOODS)}"' for mood in self.moods]
        options += [f'"x" in {name}' for name in self.sets]
        options += ['"bun" in w.items', 'w.items["axe"] > 1'] if self.bags else []
        if not plain:
            options += ['last == "r1"', "turn == 0", "turn > 1", 'event == "bell"', "heard.ask"]
            options += ["chance(0.5)"] if self.random.random() < 0.3 else []
            options += ['heard.buy.item == "axe"', "heard.buy.item is None"] if "buy" in heard else []
        one = self.random.choice(options)
        if depth and self.random.random() < 0.5:
            other = self.test(heard, 0, plain)
            return f"{one} {self.random.choice(('and', 'or'))} {other}"
        return one


def write_cast(seed: int, folder: Path) -> Path:
    """Write the cast of that number into a folder."""
    return Cast(Random(seed)).write(folder)
