"""A line as plain words: contractions and chat spellings spelt out, old forms made new, endings taken off."""

from __future__ import annotations

import re
from functools import lru_cache

from npc.grounding.numbers import plain

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[<][a-z]+[>]")
_STRETCHED = re.compile(r"([a-z])\1{2,}")


def _table(text: str) -> dict[str, tuple[str, ...]]:
    """`word=its words; …` as a mapping."""
    pairs = (entry.split("=") for entry in text.replace("\n", " ").split(";") if entry.strip())
    return {word.strip(): tuple(meant.split()) for word, meant in pairs}


_SPELT_OUT = _table(
    """
    can't=can not; cannot=can not; won't=will not; shan't=shall not; ain't=is not; let's=let us; lets=let us;
    y'all=you all; cant=can not; dont=do not; wont=will not; didnt=did not; doesnt=does not; isnt=is not; wasnt=was
    not; arent=are not; wouldnt=would not; couldnt=could not; shouldnt=should not; havent=have not; hasnt=has not;
    aint=is not; im=i am; ive=i have; id=i would; youre=you are; youve=you have; youll=you will; theyre=they are;
    hes=he is; shes=she is; whats=what is; thats=that is; theres=there is; heres=here is; wheres=where is; whos=who
    is; hows=how is; its=it is; gimme=give me; lemme=let me; gonna=going to; wanna=want to; gotta=have to; gtg=have
    to go; dunno=do not know; kinda=kind of; sorta=sort of; outta=out of; whatcha=what are you; whaddya=what do you;
    gotcha=ok; coulda=could have; betcha=bet you; wassup=what is up; whassup=what is up; sup=what is up; wazzup=what
    is up; g'day=good day; gday=good day; u=you; ur=your; r=are; y=why; plz=please; pls=please; plox=please;
    pleez=please; thx=thanks; tnx=thanks; thanx=thanks; ty=thank you; tysm=thank you so much; tyvm=thank you; k=ok;
    kk=ok; okay=ok; okey=ok; oki=ok; okie=ok; yess=yes; yess=yes; yeh=yes; nvm=never mind; nevermind=never mind;
    idk=i do not know; idc=i do not care; omg=oh; lol=; lmao=; haha=; hehe=; pfft=; cuz=because; coz=because;
    cos=because; bc=because; tho=though; thru=through; b4=before; ppl=people; sth=something; abt=about; w=with;
    n=and; da=the; dat=that; dis=this; wat=what; wut=what; hw=how; shud=should; wud=would; cud=could; thou=you;
    thee=you; ye=you; thy=your; thine=your; yer=your; ya=you; yah=yes; thyself=yourself; art=are; hath=has;
    hast=have; dost=do; doth=does; wilt=will; canst=can; wouldst=would; couldst=could; shouldst=should; shalt=shall;
    'tis=it is; tis=it is; 'twas=it was; twas=it was; prithee=please; pray=please; whither=where; whence=where;
    wherefore=why; hither=here; thither=there; mine=my; ere=before; naught=nothing; nought=nothing; nowt=nothing;
    owt=anything; yon=that; yonder=there; verily=truly; mayhap=perhaps; perchance=perhaps; fain=gladly; quoth=said;
    anon=soon; methinks=i think; o'=of; ol'=old; 'em=them; em=them; m'lord=lord; milord=lord; m'lady=lady;
    ma'am=lady; guv=sir; guvnor=sir; mate=friend; pal=friend; buddy=friend; bro=friend; dude=friend; o=oh; ha=; ah=;
    oh=; er=; uh=; um=; erm=; hmm=; hm=; eh=; ahem=;
    """
)
_ENDINGS = (
    ("n't", ("not",)),
    ("'ll", ("will",)),
    ("'ve", ("have",)),
    ("'re", ("are",)),
    ("'m", ("am",)),
    ("'d", ("would",)),
)
_IS_AFTER = frozenset(
    {"what", "that", "there", "here", "where", "who", "how", "it", "he", "she", "when", "why", "name"}
)

_STOP = """
    a an the this that these those of to in on at for from with by about into onto as than so such just very really
    quite i me my we us our you your he him his she her it they them their is am are was were be been being do does
    did have has had having will would shall should can could may might must and or but if then there here some any
    all too also much please well now oh sir lady lord friend up out off over go get got let not one again only even
    ever still yet right what which how when why where who
    """
STOP_WORDS = frozenset(_STOP.split())

_PLAIN = """
    know tell want think like see make give take come say look need thing things good little bit more some time people
    way day find use put try keep let mean feel new old big great man woman lot kind sort really something anything
    nothing everything everyone someone always today tonight maybe perhaps about around back down first last long two
    ever much many own same work talk ask
    """
PLAIN_WORDS = frozenset(_PLAIN.split()) - STOP_WORDS
"""Words that say a little, but less than the rest."""

_IRREGULAR = _table(
    """
    gave=give; given=give; bought=buy; sold=sell; paid=pay; told=tell; said=say; went=go; gone=go; took=take;
    taken=take; knew=know; known=know; found=find; heard=hear; thought=think; stole=steal; stolen=steal;
    fought=fight; lent=lend; kept=keep; men=man; women=woman; children=child; lost=lost; broke=break; broken=break;
    spoke=speak; spoken=speak; wrote=write; written=write; ate=eat; drank=drink; saw=see; seen=see; came=come;
    brought=bring; made=make; did=do; does=do; has=have; had=have; was=is; were=are; been=be; this=this; thus=thus;
    his=his; its=its; is=is; as=as; us=us; yes=yes; news=news; cheaper=cheap; cheapest=cheap; lower=low;
    lowered=low; dearer=dear; knives=knife; loaves=loaf; wolves=wolf; thieves=thief; lives=life; better=better;
    offered=offer; offering=offer; died=die; dying=die; dies=die; lying=lie; lied=lie; keys=key; goodbye=bye;
    thing=thing; things=thing; something=something; anything=anything; nothing=nothing; everything=everything;
    king=king; ring=ring; bring=bring; evening=evening; morning=morning; during=during; wares=ware; goods=goods;
    bless=bless; red=red; bed=bed; need=need; needed=need; needing=need; speed=speed; feed=feed; seed=seed;
    indeed=indeed; agreed=agree; apologies=sorry; apologise=sorry; apologize=sorry;
    """
)


def split_words(text: str) -> list[str]:
    """The words of a text in small letters, spelt out: "Gimme the key, I can't" → give me the key i can not."""
    words: list[str] = []
    text = plain(text)
    has_stretched = _STRETCHED.search(text) is not None
    for raw in _WORD.findall(text):
        if raw in _SPELT_OUT:
            words += _SPELT_OUT[raw]
        elif "'" in raw:
            words += _uncontracted(raw)
        elif has_stretched and len(raw) > 3 and (shorter := _STRETCHED.sub(r"\1", raw)) != raw:
            words += _SPELT_OUT.get(shorter, (shorter,))
        else:
            words.append(raw)
    return words


def sounds(text: str) -> list[str]:
    """The words of a text that says nothing, and of no other: "Hmm", "lol". Beside anything said they are left out."""
    if split_words(text):
        return []
    return [_STRETCHED.sub(r"\1", raw) for raw in _WORD.findall(plain(text))]


def _uncontracted(word: str) -> tuple[str, ...]:
    for ending, meant in _ENDINGS:
        if word.endswith(ending):
            return (word.removesuffix(ending), *meant)
    head, _, tail = word.partition("'")
    if tail == "s":
        return (head, "is") if head in _IS_AFTER else (head,)
    return (head + tail,)


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The word without its ending, crudely: enough for "trading", "traded" and "trade" to meet."""
    if word in _IRREGULAR:
        word = _IRREGULAR[word][0]
    elif len(word) > 3 and not word.startswith("<"):
        if word.endswith("ies") and len(word) > 4:
            word = word[:-3] + "y"
        elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
            word = word[:-2] if word.endswith(("sses", "xes", "ches", "shes")) else word[:-1]
        if word.endswith("iest"):
            word = word[:-4] + "y"
        elif word.endswith("est") and len(word) > 6:
            word = word[:-3]
        for ending in ("ing", "ed", "ly"):
            if word.endswith(ending) and len(word) - len(ending) >= 3:
                word = word.removesuffix(ending)
                if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
                    word = word[:-1]
                break
    return word[:-1] if len(word) > 3 and word.endswith("e") else word
