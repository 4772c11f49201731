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
FAREWELL: bye, goodbye, farewell, so long, see you, see ya, good night, goodnight, cya, take care, until next time,
  till next time, until we meet, safe travels, i must go, i must be off, i should go, i have to go, i should be going,
  i am leaving, i am off, be on my way, i will be going, time to go, got to go, have to run, catch you later, adieu,
  cheerio, ta ta, gtg, take my leave, be off now, heading out, head out, must be going, best be going, best be off,
  hit the road, godspeed, leave you to it, get going, fare well, be seeing you, be well, stay safe, leaving, leave
  now, i leave, am leaving, on my way, my leave, off now, must leave, should leave, go now, going now, see you around,
  see you soon, see you again, take care of yourself, be on your way, later, laters, see you later, i am going, i am
  gone, going home, be gone, until later, until tomorrow, see you tomorrow
YES: yes, yeah, yep, yup, aye, yea, ok, okay, sure, deal, agreed, agree, fine, certainly, absolutely, of course,
  indeed, all right, very well, gladly, definitely, surely, correct, affirmative, why not, sounds good, sounds fair,
  fair enough, you have a deal, it is a deal, i accept, accept, i will take it, i am in, count me in, go ahead, go on
  then, by all means, exactly, naturally, works for me, suits me, yessir, totally, i will do it, shake on it, let us
  do it, that works, good enough, that is right, with pleasure, happy to, yup, mhm, uh huh, it is done, done deal,
  right you are, true enough, i will, i would, that will do, will do, consider it done, sounds like a plan, you are
  on, you bet, roger, why yes, if you insist, no problem, not a problem, yes please, right then, right you are then,
  you have my word, my word on it, i am happy to, very good, so be it, as you wish, if you say so, alright
NO: no, nope, nah, nay, never, refuse, decline, no way, not a chance, no thanks, no thank you, i refuse, absolutely
  not, certainly not, of course not, i would rather not, rather not, not interested, no deal, forget it, not today,
  not now, by no means, negative, i do not think so, do not think so, out of the question, i will pass, i pass, pass
  on that, over my dead body, not for that, not happening, i will not, hard pass, think again, not in a million years,
  nuh uh, no chance, not on your life, reject, no can do, not likely, never ever, not a bit, i would sooner, not for
  me, i think not, i can not agree, not really, no never, i do not want that, i do not want it, i will not do, not on
  my watch, leave me alone
THANKS: thank, thanks, cheers, ta, thankful, grateful, gratitude, obliged, appreciate, appreciated, many thanks, much
  obliged, bless you, i owe you, in your debt, ty, you are too kind, kind of you, good of you, that helps, gramercy,
  most kind, you are a lifesaver, bless your, helpful, been a help, been a great, been most, very kind, so kind,
  kindness, owe you one, saved me, you are a star, means a lot, nice of you, generous of you, that is kind, how kind,
  kind of, my thanks, you have my thanks
SORRY: sorry, apologies, apologise, apologize, forgive, my mistake, my bad, my fault, no offence, no offense, did not
  mean to, beg your pardon, take it back, out of line, was rude, my rudeness, offend, offended, did not mean, i was
  wrong, was wrong of, my manners, bad of me, forgive me, i went too far, too far, was harsh, regret what, feel bad,
  make amends, amends, apologetic, pardon me, excuse me, i regret
INSULT: idiot, fool, stupid, dumb, ugly, moron, oaf, dolt, imbecile, coward, swine, scum, wretch, cur, rat, liar,
  thief, cheat, crook, swindler, buffoon, clown, simpleton, halfwit, dimwit, pathetic, worthless, useless, disgusting,
  stink, smell, stench, filthy, filth, bastard, knave, rogue, villain, scoundrel, lout, ape, toad, brainless, witless,
  jerk, loser, trash, suck, hate you, you disgust, curse you, damn you, screw you, shut up, shut your, go to hell, get
  lost, drop dead, bald, hag, crone, vermin, maggot, slimy, greedy, miser, skinflint, cretin, dullard, blockhead,
  bonehead, nitwit, twit, weasel, spineless, gutless, rude, ridiculous, joke of a, disgrace, blithering, drunkard,
  peasant, numbskull, cheapskate, pox, incompetent, dunce, troll face, hate, smelly, stupidest, boring old, waste of,
  half wit, good for nothing, face like, your mother, mother was, arse, ass, bloody, scumbag, dirty, ignorant, ill
  bred, cowardly, brute, monster, horrible, awful, terrible, a bore, repulsive, loathe, despise, contempt, bother off,
  buzz off, sod off, piss off, bugger off, lick, smelled, reek, hideous, fat old, fat pig, lazy pig, you pig, you dog,
  wet dog, you goat, you cow, you ass, you snake, you worm, you lump, useless lump, sack of, worst, the worst, i hate,
  you are the worst, you are horrible, rotten, you coward, nasty
THREAT: kill, murder, slay, gut, stab, strangle, slit, throat, hurt, harm, punch, smash, crush, break, bones, die,
  death, blood, bleed, or else, you will regret, make you pay, regret this, regret it, your head, your neck, teach you
  a lesson, watch your back, warn, warning, last warning, threaten, by force, skewer, run you through, cut you,
  suffer, make me, do not make me, end you, pay for this, destroy, attack, fight you, come to blows, draw my, wring,
  cut down, chop, hang, last breath, grave, corpse, consequences, hard way, easy way, life is worth, value your, want
  to live, pummel, thrash, fist, bash, dagger, carve, cutting, sorry you, be sorry, or you will, if you do not, or i
  will, unless you, dead man, my sword, my blade, my knife, my axe, my steel, beat you, hit you, burn you, kill you,
  hurt you, stab you, make you sorry, make you, you will pay, cross me, crossing me, do not cross, test me, try me,
  push me, mess with me, dare you, come to regret, your blood, in half, to pieces, limb, limbs, revenge, vengeance,
  could kill, dead meat, smash your, last chance, where you stand, on your life, cut your, break your, break every,
  your skull, going to die, prepare to die, beat you up, ready to die, about to die, draw steel, rip, tear, i am
  warning, run you
ASK_NAME: your name, you called, call you, name yours, who are you, who might you be, introduce, introduce yourself,
  what are you called, who am i speaking, who am i talking, name yourself, you go by, may i call, should i call, who
  goes there, your title, who is it i, whom do i, whom am i, name sir, who do i have the, have a name, do you have a
  name, your full name
NAME: name, called, call, title, introduce, known as, have a name, go by
HELP: help, aid, assist, assistance, rescue, guidance, advice, advise, advise me, lend a hand, lend me a hand, give me
  a hand, in need, need help, stuck, trouble, hint, tip, tips, clue, what should i do, what do i do, what can i do,
  what now, desperate, no idea what, point me, bail me, sos, a hand, hints, need a hand, use a hand, next step, what
  next, do next, any ideas, suggestion, suggestions, suggest, recommend, how do i, how can i, help me out, confused,
  no clue, not sure what, what to do, help a friend, a favour, a favor
QUEST: quest, job, jobs, work, task, tasks, errand, mission, employment, hire, hiring, bounty, contract, chore, duty,
  odd job, need doing, adventure, earn, make some coin, anything i can do, can i do for you, useful to you, for hire,
  put me to work
RUMOUR: rumour, rumor, gossip, news, tidings, whisper, heard anything, what is new, word on the street, hear anything,
  latest, what is happening, what is going on, happening around, been happening, any word, tell me something, goings
  on, scuttlebutt, hearsay, talk of the town, interesting around, what news, heard lately, word from, been going on,
  going on, happening, interesting, whispering, whispers, people saying, folk saying, folks saying, they saying, been
  said, talk, talking about, hear about, any stories, rumours, heard of late, from the road, on your travels, in the
  world, told lately, of interest, of note, anything strange, people talking, talking of, strange happenings, anything
  new, told of
STORY: story, tale, legend, history, lore, past, myth
PLACE: place, town, village, city, keep, castle, this place, realm, kingdom, area, region, where am i, where are we,
  am i in, are we in, what is this, around me, courtyard, fortress, country, yard, ended up, is around here, what is
  around, where have i, describe
DIRECTIONS: where, direction, directions, way, path, road, route, find, map, how do i get, get to, how far, locate,
  location, whereabouts, lead, point me, which way, reach, nearest, closest
GIVE: give, hand, hand over, pass, grant, lend, loan, hand me, spare, provide, supply, fork over, let me have,
  surrender, can i have, may i have, could i have, can i get, could i get, i want, i need, i would like, i require,
  fetch, bestow, may i get, entrust, part with, cough up, turn over, deliver, get me, slip me, let go of, borrow, i
  will have, relinquish, bring me, toss me, throw me, let me get, let us have, give us, give it, hand it, may i take,
  can i take, pass it
WANT: want, need, require, wish, desire, like, after, seek, crave, must have, looking for, would love, long for,
  interested in, in search of, in the market for, searching for, hunting for, could use, in need of, fancy, i am
  after, wanting, i wish, in want of, keen on, have my eye on
OFFER: offer, give you, pay you, i will give, i will pay, i can pay, i have got, how about, here is, here are, take
  this, take these, for your trouble, bribe, what about, i can offer, let me offer, let me pay, would you take, will
  you take, would you accept, will you accept, i could pay, i could give, worth your while, sweeten, grease, i bid,
  bid, i am offering, i propose, in exchange, in return, would do it, do for you, yours if, all yours, is yours, are
  yours, settle for, palm, willing to pay, ready to pay, prepared to pay, i would pay, i would give, cross your palm,
  change your mind, i could stretch, stretch to, settle, settle on, let us say, call it, my best is, best i can do, is
  my offer, as high as, go to, go as high, up to, slip, slipped, slipping, final, final offer, suppose i, what if i,
  you can have, have my, take my, i could go, and we are done, and it is yours, shake hands, say we, suppose, if i
  paid, if i gave, i have here, what do you say, would you do it for, i paid, how does, sound, go up to, i will go,
  raise it to, i would part with, would you do, i can do
MONEY: money, gold, coin, coins, silver, copper, piece, pieces, gp, cash, purse, pouch, payment, currency, fee,
  pennies, penny, golds, goldpieces, crown, crowns, shiny, shinies, quid, buck, bucks,
  ducat, ducats, florin, florins, shilling, shillings, doubloon, doubloons, guinea, guineas
PAY: pay, payment, spend, fee, afford, toll
BUY: buy, purchase, acquire, get myself, sell me, i will take, i will have, i would buy, for sale, order, pick up,
  trade for, stock up, take one, have one, procure, shop, shopping, fetch me, treat myself, get a, get some, wrap up,
  i will buy, buying, bag me, put me down for, my purse for
SELL: sell, offload, get rid of, buy from me, buy my, take off my hands, want to buy, interested in buying, for sale,
  pawn, unload, give me for, buy this, buy these, buy off me, part with, you buying, take this off, off my hands, off
  me, selling, i am selling, for some gold, for money, cash for, want my, how much for my, my old, could sell, sell
  you, purchase my, i get for, what would i get for, what do i get for, what will i get for,
  what can i get for, what could i get for
BRINGS: give me for, pay me for, you pay for, i get for, what would i get for, what do i get for, what will i get for,
  what can i get for, what could i get for, you give for, offer me for
TRADE: trade, barter, swap, exchange, deal, bargain, haggle, business, merchant
WARES: wares, goods, stock, selling, sell, inventory, for sale, merchandise, what do you have, what have you got, what
  you got, see what, browse, show me what, offering, on offer, items, shop, what you sell, your goods, in stock,
  things, list, look at your, carry, peddle, trinkets, selection, available, what can i buy, what can i get, cart, on
  the cart, your cart, what is on, have a look, take a look, see your, see the goods, what else, anything else, got
  anything, anything good, anything nice, something good, good stuff, what stuff, your stuff
PRICE: price, cost, how much, how many, worth, charge, what do you want for, expensive, rate, fee, asking for, set me
  back, value, going rate, what would, going for, damage, what do you ask, how dear, much for, what for the, is it
  dear, dear is, what does it cost, what would it cost
CHEAPER: cheaper, discount, lower, reduce, reduction, knock off, come down, better price, best price, too much, too
  expensive, pricey, steep, too dear, overpriced, robbery, rip off, ripoff, go lower, do better, lower the price, drop
  the price, special price, bargain, haggle, negotiate, few coins off, meet me halfway, halfway, cut the price, cut me
  a deal, shave, kinder price, friendlier price, good price, fair price, fairer, more reasonable, too high, too rich,
  can not afford, costs too much, cost too much, way too, half price, half that, lenient, budge, wiggle room, mate
  rates, friend price, extortion, extortionate, daylight robbery, outrageous, high price, that much, soften, slash,
  trim, i am poor, break on the price, sharpen your, better offer, better deal, on the price, off the price, price is
  high, flexible, few coins, knock, coin off, gold off, coins off, down a little, down a bit, little less, bit less,
  less than that, lower than that, for less, reasonable, unreasonable, price down, a lot, robbing, fleecing, mark up,
  highway robbery, cheap, too costly, costly, expensive, for that price, at that price, lower your price, your price
  lower, price lower, a bit off, some off, something off, off the top, do me a deal, reduced, haggling, pay less, for
  a little less, too steep, out of my budget, budget, that is a lot, so expensive, very expensive, too pricey, ripping
  me off, cheat me, overcharging, any lower, bring it down, chance of a, cheaply, cut price
OPEN: open, unlock, unbar, raise, let me in, let me through, let us in, let us through, let me pass, let us pass, let
  me out, step aside, stand aside, get in, go in, enter, access, entry, come in, come through, get through, go
  through, go inside, get inside, inside, admit, pass through, move aside, out of my way, out of the way, permission
  to pass, permission to enter, lift, make way, past, get past, way in
KEY: key, keys, keyring
GATE: gate, door, portcullis, entrance, doorway, gates, doors
GUARD: guard, warden, jailer, watchman, soldier, captain, sentry, keeper
SHOW: show, see, look, display, view, browse, inspect, examine, behold, look here, look at this, see this, i have
  here, i carry, i bear, i hold, i possess, i have got, i have the, i have a, proof, with me, right here, here it is,
  i got the, in my bag, in my hand
FOOD: food, bread, eat, hungry, meal, loaf, starving, supper, breakfast, dinner, feed, bite, snack, famished, crust,
  grub, peckish
DRINK: drink, ale, beer, wine, mead, thirsty, water, tankard, pint
LIGHT: lantern, lamp, torch, light, candle, dark
LOVE: love, marry, kiss, beautiful, handsome, pretty, charming, flirt, lovely, gorgeous, attractive, cute, sweetheart,
  darling, dear heart, sexy, eyes, date, single, your smile, falling for, in love, be mine, wed, wedding, embrace,
  cuddle, hug, flirting, blush, romance, dinner with me, fancy you, how handsome, told you how, so pretty, good
  looking, dashing, my heart, heart skip, take you out, with me tonight, buy you a drink, stunning, you are cute, hot
  stuff, sweet on, lips, charmer
PRAISE: great, wonderful, excellent, brave, kind, good man, splendid, nice, impressive, admire, magnificent,
  marvelous, amazing, awesome, lovely, clever, best, wise, smart, fine fellow, fine man, talented, skilled, skilful,
  strong, noble, honest, generous, kind soul, good soul, good heart, good sort, well dressed, sharp, a legend, hero,
  respect, respectable, beard, hat, coat, looking good, look good, look well, really well, very well done, well done,
  good job, great job, fine work, good work, like your, love your, admirable, perfect, decent, do your job well,
  brilliant, charming, elegant, stylish, fantastic, superb, terrific, clever man, bravest, wisest, kindest, finest,
  good woman, good person, great man, kind face, friendly, handsome, look great, look nice, sweet, well spoken
JOKE: joke, funny, laugh, jest, riddle, humour, humor, amuse, cheer me, jests, jokes, hilarious, laughing, laughs,
  pun, puns, funny story, something funny, entertain
SELF: yourself, about you, about yourself, your life, your story, your past, who are you, what do you do, your job,
  your work
HEALTH: hurt, wounded, wound, heal, healer, sick, ill, injured, injury, potion, medicine, bandage, cure
REPEAT: repeat, again, say that again, what did you say, come again, pardon, once more, did not catch, did not hear,
  one more time, say what
WAIT: wait, hold on, moment, one moment, hang on, minute, patience, second, stop, slow down
HURRY: hurry, quick, quickly, fast, rush, hasten, haste
CAT: cat, cats, kitten, kittens, kitty, puss, mouser, moggy, feline, tabby, stray, kit, paws, purr, purring, meow,
  whiskers, pussycat
PET: pet, animal, creature, beast, dog, hound
STEAL: steal, rob, theft, thief, thieves, pickpocket, burgle, robbed, mugged
LIE: lie, lying, liar, deceive, trick, false, untrue, bluff, believe
SECRET: secret, secrets, hidden, private, whisper, conceal, hide
REFUND: refund, money back, return, reimburse, give back, exchange
KNOW: know, aware, heard, understand, tell me about, information, info, knowledge, familiar with
FREE: free, release, let go, set free, liberate, escape
FRIEND: friend, friends, brother, sister, wife, husband, mother, father, son, daughter, family, companion
LAW: seal, warrant, writ, papers, permit, permission, authority, orders
GOODWILL: please, kindly, beg, i beg, prithee, pretty please, be so kind, mercy, pity
TEACH: teach, learn, train, lesson, explain, show me how, instruct
REST: sleep, bed, rest, room, inn, lodging, stay the night, tired
WEATHER: weather, rain, sun, snow, storm, cold, sunny, chilly, freezing, warm, wind, windy, breeze, fog, mist, grey
  sky, clouds, cloudy, raining, frost, drizzle, damp, wet out, what time, hour is it, time of day, how late, late is
  it, nice day, lovely day, day is it, bitter cold
JAIL: cell, cells, dungeon, jail, gaol, prison, oubliette, lockup, bars
PRISONER: prisoner, prisoners, captive, captives, inmate, convict, locked up, behind bars, in the cells, in the cell,
  locked in, held here, imprisoned, jailed, hostage, in chains, crime, convicted, sentence, arrested
MACHINE: machine, computer, bot, robot, ai, artificial, artificial intelligence, program, programmed, software,
  chatbot, automaton, golem, clockwork, real person, a real, human, human being, alive, sentient, language model,
  chatgpt, npc, script
TROUBLE: sad, upset, wrong, matter, bothering, bother, troubled, troubling, gloomy, long face, worried, worry,
  unhappy, glum, miserable, crying, tears, tearful, sorrow, sorrowful, grief, down in the, eating you, on your mind,
  worrying, low spirits, sulking, melancholy, what happened, missing, lost something, misplaced, lost, are you
  alright, are you all right, are you ok, you ok, alright, the matter, feeling down, something wrong, what is wrong
TIRED: tired, weary, worn out, exhausted, sleepy, worn, drained, long day, long night, long shift, fatigued,
  overworked, lonely, boring, bored, dull
WORK: job, work, post, duty, shift, profession, trade of yours, occupation, career, for a living, line of work, years,
  serve, served, service, stool, enjoy being, like being, being a jailer, being a guard, like your work, your day,
  your life, the hours, doing this
GIVE_TO: here is, here are, have this, have these, have a, have some, take this, take these, take a, for you, gift, a
  gift, present, brought you, brought this, got you, accept this, please accept, like you to have, this is for, is for
  you, i give you, give you, present you, a present, you can have, keep this, keep it, donate, i bring, bring you, i
  return, giving you, got this for, you can have my, have my, i found your
RANK: duke, duchess, king, queen, prince, princess, baron, count, countess, noble, nobleman, knight, officer,
  official, inspector, inspection, captain, general, crown, palace, royalty, majesty, highness, by order, by orders,
  on behalf, authority, authorised, authorized, sent me, do you know who i am, official business, envoy, messenger,
  ambassador, commander, minister, command you, in the name of, bow, bow before, kneel, ordered me, royal authority,
  my title, noble born, highborn, obey me
BRIBE: bribe, bribed, bribery, corrupt, corruption, persuade, persuasion, arrangement, look away, look the other way,
  turn a blind eye, blind eye, other way, grease, greasing, palm, every man has, everyone has, has his price, your
  price, name your price, come to some, worth your while, make it worth, incentive, something for you, under the
  table, convince, sweeten, what would it take, would it take, motivation
PEDLAR: pedlar, peddler, merchant, trader, vendor, seller, hawker, with the cart, cart, tinker, shopkeeper,
  saleswoman, salesman
RULE: rule, rules, law, laws, regulation, regulations, policy, forbidden, forbids, forbid, allowed, permitted,
  prohibited, against the, exception, bend, break the rules
LOCK: lock, locks, bolt, bolts, padlock, bar, hinges, iron
STRONG: strong, sturdy, thick, solid, tough
BEHIND: behind, other side, beyond, lead, leads, through there, back there, in there, down there
TRUST: trust, trustworthy, honest, reliable, believe her, believe him
BUYING: what do you buy, you buying, you buy, buy things, buy from, things to sell, stuff to sell, something to sell,
  sell something, sell you something, sell my things, earn, make money, make some money, make coin, make gold, earn
  coin, earn money, come by
REAL: real, genuine, fake, authentic, forged, forgery, counterfeit, true
ORIGIN: where did you get, where did you find, come by, come to own, come from, get hold of, how did you get, where is
  it from, from where, where does it, came from, whose is, origin, came by, acquire it, stolen, stole
ANIMAL: mule, donkey, ass, horse, pony, beast, animal
DISMISS: never mind, forget about, forget the, forget that, leave it, drop it
"""


@cache
def phrases() -> dict[tuple[str, ...], tuple[str, ...]]:
    """Stemmed words of each word or phrase → the concepts it expresses. Built once, when first asked for."""
    found: dict[tuple[str, ...], list[str]] = {}
    # A line that begins with blanks continues the one before it.
    for line in _CONCEPTS.replace("\n  ", " ").strip().splitlines():
        concept, _, listed = line.partition(":")
        for phrase in listed.split(","):
            spoken = split_words(phrase)
            if len(spoken) > 1 or (spoken and spoken[0] not in STOP_WORDS):
                words = tuple(stem(word) for word in spoken)
                concepts = found.setdefault(words, [])
                if concept not in concepts:
                    concepts.append(concept)
    return {words: tuple(concepts) for words, concepts in found.items()}


@cache
def spoken_words() -> frozenset[str]:
    """Every word of the phrases, as people write it."""
    return frozenset(word for line in _CONCEPTS.splitlines() for word in split_words(line.partition(":")[2] or line))
