"""Everyday words and the ones players use around trade, keys and swords, grouped by what they express.

Each line is a concept and the words and phrases that express it. A word may express several concepts. The groups are
general English, not taken from any cast: they let "hand over" meet a writer's "give", and "howdy" meet "hello".
"""

from __future__ import annotations

from functools import cache

from npc.backends.embedded.words import STOP_WORDS, split_words, stem

_CONCEPTS = """
GREET: hello, hi, hey, hiya, howdy, greetings, hail, hullo, yo, salutations, welcome, good day, good morning, good
  evening, good afternoon, morning, evening, afternoon, well met, sup, g day, ahoy, hey there, hello there, hi there,
  heya, hallo, good morrow, good to see you, nice to meet you, pleased to meet you, how are you, how do you do, how
  goes it, what is up, pleasure to meet, good to meet, nice to see you
FAREWELL: bye, goodbye, farewell, so long, see you, see ya, later, good night, goodnight, cya, take care, until next
  time, till next time, until we meet, safe travels, i must go, i must be off, i should go, i have to go, i should be
  going, i am leaving, i am off, be on my way, i will be going, time to go, got to go, have to run, catch you later,
  adieu, cheerio, ta ta, gtg, take my leave, be off now, heading out, head out, must be going, best be going, best be
  off, hit the road, godspeed, leave you to it, get going, fare well, be seeing you, be well, stay safe
YES: yes, yeah, yep, yup, aye, ya, yea, ok, okay, sure, deal, agreed, agree, fine, certainly, absolutely, of course,
  indeed, alright, all right, very well, gladly, definitely, surely, done, right, correct, affirmative, why not,
  sounds good, sounds fair, fair enough, you have a deal, it is a deal, i accept, accept, i will take it, i do, i am
  in, count me in, go ahead, go on then, by all means, exactly, true, naturally, works for me, suits me, yessir,
  totally, i will do it, shake on it, let us do it, that works, good enough, that is right, with pleasure, happy to,
  yup, mhm, uh huh
NO: no, nope, nah, nay, never, refuse, decline, no way, not a chance, no thanks, no thank you, i refuse, absolutely
  not, certainly not, of course not, i would rather not, rather not, not interested, no deal, forget it, not today,
  not now, by no means, negative, i do not think so, do not think so, out of the question, i will pass, i pass, pass
  on that, over my dead body, not for that, not happening, i will not, hard pass, think again, not in a million years,
  nuh uh, no chance, not on your life, reject, no can do, not likely, hardly
THANKS: thank, thanks, cheers, ta, thankful, grateful, gratitude, obliged, appreciate, appreciated, many thanks, much
  obliged, bless you, i owe you, in your debt, ty, you are too kind, kind of you, good of you, that helps, gramercy,
  most kind, you are a lifesaver, bless your
SORRY: sorry, apologies, apologise, apologize, forgive, pardon, my mistake, my bad, regret, excuse, my fault, no
  offence, no offense, did not mean to, beg your pardon
INSULT: idiot, fool, stupid, dumb, ugly, moron, oaf, dolt, imbecile, coward, pig, swine, scum, wretch, cur, dog, rat,
  liar, thief, cheat, crook, swindler, buffoon, clown, simpleton, halfwit, dimwit, pathetic, worthless, useless,
  disgusting, stink, smell, stench, filthy, filth, bastard, knave, rogue, villain, scoundrel, lout, ape, toad, worm,
  fat, lazy, brainless, witless, jerk, loser, trash, suck, hate you, you disgust, curse you, damn you, screw you, shut
  up, shut your, go to hell, get lost, drop dead, bald, hag, crone, vermin, maggot, slimy, greedy, miser, skinflint,
  cretin, dullard, blockhead, bonehead, nitwit, twit, donkey, mule, goat, cow, weasel, snake, spineless, gutless,
  rude, ridiculous, joke of a, disgrace, blithering, drunkard, peasant, nobody, numbskull, cheapskate, pox,
  incompetent, dunce, troll face, dense, thick, lump
THREAT: kill, murder, slay, gut, stab, strangle, slit, throat, hurt, harm, punch, beat, hit, smash, crush, break,
  bones, die, dead, death, blood, bleed, burn, blade, sword, knife, or else, you will regret, make you pay, regret
  this, regret it, your head, your neck, teach you a lesson, watch your back, warn, warning, last warning, threaten,
  force, by force, skewer, run you through, cut you, suffer, make me, do not make me, end you, pay for this, destroy,
  attack, fight you, come to blows, draw my, steel, pain, painful, wring, cut down, chop, hang, last breath, grave,
  corpse, consequences, hard way, easy way, life is worth, value your, want to live, pummel, thrash, fist, knock,
  bash, dagger, axe, carve, cutting
ASK_NAME: your name, you called, call you, name yours, who are you, who might you be, introduce, introduce yourself,
  what are you called, who am i speaking, who am i talking, name yourself, you go by, may i call, should i call, who
  goes there, your title, who is it i, whom do i, whom am i, name sir, who do i have the
NAME: name, called, call, title, introduce, known as
HELP: help, aid, assist, assistance, rescue, hand, support, favor, favour, guide, guidance, advice, advise, advise me,
  lend a hand, lend me a hand, give me a hand, in need, need help, stuck, lost, trouble, hint, tip, tips, clue, what
  should i do, what do i do, what can i do, what now, desperate, no idea what, point me, bail me, sos
QUEST: quest, job, jobs, work, task, tasks, errand, mission, employment, hire, hiring, bounty, contract, chore, duty,
  odd job, need doing, adventure, earn, make some coin, anything i can do, can i do for you, useful to you, for hire,
  put me to work
RUMOUR: rumour, rumor, gossip, news, tidings, whisper, heard anything, what is new, word on the street, hear anything,
  latest, what is happening, what is going on, happening around, been happening, any word, tell me something, goings
  on, scuttlebutt, hearsay, talk of the town, interesting around, what news, heard lately
STORY: story, tale, legend, history, lore, past, myth
PLACE: place, town, village, city, keep, castle, here, around here, this place, land, realm, kingdom, area, region
DIRECTIONS: where, direction, directions, way, path, road, route, find, map, how do i get, get to, how far, locate,
  location, whereabouts, lead, point me, which way, reach, nearest, closest
GIVE: give, hand, hand over, pass, grant, lend, loan, hand me, spare, provide, supply, fork over, let me have,
  surrender, can i have, may i have, could i have, can i get, could i get, i want, i need, i would like, i require,
  fetch, bestow, may i get, entrust, part with, cough up, turn over, deliver, get me, slip me, let go of, borrow, i
  will have, relinquish, bring me, toss me, throw me
WANT: want, need, require, wish, desire, like, after, seek, crave, must have, looking for, would love, long for,
  interested in, in search of, in the market for, searching for, hunting for, could use, in need of, fancy
OFFER: offer, give you, pay you, i will give, i will pay, i can pay, i have got, how about, here is, here are, take
  this, take these, for your trouble, bribe, what about, i can offer, let me offer, let me pay, would you take, will
  you take, would you accept, will you accept, i could pay, i could give, worth your while, sweeten, grease, i bid,
  bid, i am offering, i propose, in exchange, in return, would do it, do for you, yours if, all yours, is yours, are
  yours, settle for, palm, willing to pay, ready to pay, prepared to pay, i would pay, i would give, cross your palm,
  change your mind
MONEY: money, gold, coin, coins, silver, copper, piece, pieces, gp, cash, purse, pouch, payment, currency, fee,
  pennies, penny, golds, goldpieces, crown, crowns, shiny, shinies, quid, buck, bucks
PAY: pay, payment, spend, fee, afford, toll
BUY: buy, purchase, acquire, get myself, sell me, i will take, i will have, i would buy, for sale, order, pick up,
  trade for, stock up, take one, have one, procure, shop, shopping, fetch me, treat myself
SELL: sell, offload, get rid of, buy from me, buy my, take off my hands, want to buy, interested in buying, for sale,
  pawn, unload, give me for, buy this, buy these, buy off me, part with, you buying
TRADE: trade, barter, swap, exchange, deal, bargain, haggle, business, merchant
WARES: wares, goods, stock, selling, sell, inventory, for sale, merchandise, what do you have, what have you got, what
  you got, see what, browse, show me what, offering, on offer, items, shop, what you sell, your goods, in stock,
  things, list, look at your, carry, peddle, trinkets, selection, available, what can i buy, what can i get, cart
PRICE: price, cost, how much, how many, worth, charge, what do you want for, expensive, rate, fee, asking for, set me
  back, value, going rate, what would, going for, damage, what do you ask, how dear
CHEAPER: cheaper, cheap, discount, lower, less, reduce, reduction, knock off, come down, better price, best price, too
  much, too expensive, expensive, pricey, steep, too dear, dear, overpriced, robbery, rip off, ripoff, go lower, do
  better, lower the price, drop the price, special price, bargain, haggle, negotiate, take off, few coins off, meet me
  halfway, halfway, cut the price, cut me a deal, a deal, shave, kinder price, friendlier price, good price, fair
  price, fairer, more reasonable, too high, too rich, can not afford, costs too much, cost too much, way too, half
  price, half that, lenient, budge, wiggle room, mate rates, friend price, extortion, extortionate, daylight robbery,
  outrageous, high price, that much, so much, soften, slash, trim, i am poor, break on the price, sharpen your, better
  offer, better deal, on the price, off the price, price is high, flexible
OPEN: open, unlock, unbar, raise, let me in, let me through, let us in, let us through, let me pass, let us pass, let
  me out, step aside, stand aside, get in, go in, enter, access, entry, come in, come through, get through, go
  through, go inside, get inside, inside, admit, pass through, move aside, out of my way, out of the way, permission
  to pass, permission to enter, lift, make way, past, get past, way in
KEY: key, keys, keyring
GATE: gate, door, portcullis, entrance, doorway, gates, doors
CELL: cell, cells, dungeon, jail, gaol, prison, locked up, prisoner, prisoners, captive, oubliette
GUARD: guard, warden, jailer, watchman, soldier, captain, sentry, keeper
SHOW: show, see, look, display, view, browse, inspect, examine
FOOD: food, bread, eat, hungry, meal, loaf, starving, supper, breakfast, dinner, feed, bite, snack, famished, crust,
  grub, peckish
DRINK: drink, ale, beer, wine, mead, thirsty, water, tankard, pint
LIGHT: lantern, lamp, torch, light, candle, dark
LOVE: love, marry, kiss, beautiful, handsome, pretty, charming, flirt, lovely, gorgeous
PRAISE: great, wonderful, excellent, brave, kind, good man, splendid, nice, impressive, admire, fine, magnificent,
  marvelous, amazing, awesome, lovely, clever, best
JOKE: joke, funny, laugh, jest, riddle, humour, humor, amuse, cheer me
WHO: who, whom, whose
SELF: yourself, about you, about yourself, your life, your story, your past, who are you, what do you do, your job,
  your work
HEALTH: hurt, wounded, wound, heal, healer, sick, ill, injured, injury, potion, medicine, bandage, cure
REPEAT: repeat, again, say that again, what did you say, come again, pardon, once more, did not catch, did not hear,
  one more time, say what
WAIT: wait, hold on, moment, one moment, hang on, minute, patience, second, stop, slow down
HURRY: hurry, quick, quickly, fast, rush, hasten, haste
CAT: cat, cats, kitten, kittens, kitty, puss, mouser, moggy, feline, tabby, stray
PET: pet, animal, creature, beast, dog, hound
STEAL: steal, rob, theft, thief, thieves, pickpocket, burgle, robbed, mugged
LIE: lie, lying, liar, deceive, trick, false, untrue, bluff, believe
SECRET: secret, secrets, hidden, private, whisper, conceal, hide
REFUND: refund, money back, return, reimburse, give back, exchange
KNOW: know, aware, heard, understand, tell me about, information, info, knowledge, familiar with
FREE: free, release, let go, set free, liberate, escape
FRIEND: friend, friends, brother, sister, wife, husband, mother, father, son, daughter, family, companion
LAW: law, rule, rules, legal, permit, permission, authority, orders, seal, warrant, writ, papers
GOODWILL: please, kindly, beg, i beg, prithee, pretty please, be so kind, mercy, pity
TEACH: teach, learn, train, lesson, explain, show me how, instruct
REST: sleep, bed, rest, room, inn, lodging, stay the night, tired
WEATHER: weather, rain, sun, snow, storm, cold, hot, sunny
"""


@cache
def phrases() -> dict[tuple[str, ...], tuple[str, ...]]:
    """Stemmed words of each word or phrase → the concepts it expresses. Built once, when first asked for."""
    found: dict[tuple[str, ...], list[str]] = {}
    concept = ""
    for line in _CONCEPTS.strip().splitlines():
        head, colon, rest = line.partition(":")
        if colon:
            concept, line = head.strip(), rest
        for phrase in line.split(","):
            words = tuple(stem(word) for word in split_words(phrase))
            if words and (len(words) > 1 or words[0] not in STOP_WORDS or concept in {"GREET", "NO", "YES", "WHO"}):
                concepts = found.setdefault(words, [])
                if concept not in concepts:
                    concepts.append(concept)
    return {words: tuple(concepts) for words, concepts in found.items()}


@cache
def longest_phrase() -> int:
    """Words in the longest phrase."""
    return max(map(len, phrases()))
