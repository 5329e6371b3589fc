"""The kinds of words that tell who speaks: verbs of saying, roles, bodies that speak, small words."""

from __future__ import annotations

from functools import cache

_REGULAR = (
    "add announce warn claim argue deny insist stress urge note explain tweet "
    "comment respond reply remark describe predict promise pledge vow "
    "criticize criticise condemn accuse blame complain caution confirm admit "
    "acknowledge suggest believe hope express dispute disagree "
    "reject dismiss praise welcome emphasize emphasise allege recall remember "
    "declare ask demand report assert affirm contend maintain "
    "conclude continue joke shout cry whisper murmur exclaim answer reveal "
    "disclose estimate post testify apologize apologise state "
    "defend credit point call comment caution reiterate consider speculate liken "
    "ridicule lament question counter concede echo decry denounce "
    "demand fear worry appeal advise tout hail protest agree reason guess "
    "sigh mutter repeat interrupt remark propose imply clarify "
    "inform assure remind quip elaborate opine posit theorise theorize retort "
    "scoff boast brag snap bemoan deplore signal threaten object "
    "inquire enquire return venture interpose rejoin"
).split()
_IRREGULAR = (
    "say says said saying;tell tells told telling;write writes wrote written writing;think thinks thought thinking;"
    "deny denies denied denying;reply replies replied replying;cry cries cried crying;"
    "testify testifies testified testifying;decry decries decried decrying;"
    "worry worries worried worrying;imply implies implied implying;"
    "clarify clarifies clarified clarifying;admit admits admitted admitting;"
    "quip quips quipped quipping;snap snaps snapped snapping;"
    "brag brags bragged bragging"
)
NEGATIVE = frozenset("deny reject dispute dismiss disagree".split())
"""Verbs that say no by themselves."""
STRONG = frozenset(
    "say tell add write announce warn claim argue insist stress explain tweet "
    "comment reply remark complain caution assert declare exclaim "
    "state joke reiterate continue ask answer shout cry whisper murmur quip".split()
)
"""Verbs that hardly ever mean anything but speech."""
_ALSO_NOUNS = frozenset(
    "claim claims note notes stress tweet tweets comment comments promise "
    "promises pledge pledges vow vows blame hope hopes dispute "
    "disputes welcome demand demands report reports state states point "
    "points call calls fear fears worry worries appeal appeals "
    "protest protests reason reasons guess sigh remark remarks post posts "
    "question questions counter counters warning caution "
    "post object objects signal signals answer answers credit credits return "
    "returns reply replies joke cry cries shout praise saying "
    "recall echo writing meaning venture ventures mention standing thought "
    "thoughts believed hail estimate estimates calling reporting "
    "posting pointing returned posted pointed".split()
)
"""Forms that say something only straight after the one who says it."""
ROLES = frozenset(
    "president minister secretary secretary-general chancellor mayor governor "
    "director manager chief head leader chairman chairwoman "
    "chairperson chair spokesman spokeswoman spokesperson officer official "
    "professor expert analyst scientist researcher author "
    "co-author writer judge lawyer attorney prosecutor senator "
    "representative congressman congresswoman lawmaker mp msp mep deputy "
    "premier captain coach player striker commissioner sheriff inspector "
    "superintendent constable sergeant detective general admiral "
    "colonel major lieutenant commander ambassador envoy diplomat king "
    "queen prince princess duke duchess pope bishop archbishop "
    "cardinal rabbi imam reverend doctor dr physician nurse surgeon epidemiologist virologist scientist biologist ecologist "
    "palaeontologist paleontologist geologist seismologist meteorologist "
    "forecaster historian economist founder co-founder owner ceo "
    "cfo executive boss editor journalist reporter correspondent presenter "
    "actor actress singer producer filmmaker musician artist "
    "composer activist campaigner protester protestor demonstrator organizer "
    "organiser student teacher principal headmaster pilot "
    "passenger resident neighbour neighbor witness eyewitness bystander victim "
    "survivor father mother brother sister son daughter wife husband "
    "widow uncle aunt cousin grandfather grandmother friend relative farmer "
    "owner worker driver firefighter paramedic astronaut "
    "engineer architect astronomer physicist chemist treasurer candidate nominee winner champion captain defender goalkeeper "
    "midfielder athlete runner swimmer counsel coroner magistrate justice "
    "speaker whip councillor councilor councilman alderman "
    "commissioner coordinator advisor adviser aide strategist chairman vice-president administrator superintendent marshal "
    "lord lady sir dame mr mrs ms miss man woman boy girl foreman barrister "
    "solicitor parliamentarian politician minister-president "
    "publisher blogger vlogger youtuber photographer designer developer "
    "lecturer academic fellow scholar dean curator conservationist".split()
)
BODIES = frozenset(
    "police government ministry department agency office committee commission "
    "council party union company firm team club court army navy "
    "military board association federation organisation organization group "
    "university hospital bank airline embassy parliament senate "
    "congress administration authority authorities officials investigators "
    "prosecutors scientists researchers experts doctors "
    "protesters activists campaigners lawyers witnesses residents critics supporters spokespeople ministers lawmakers "
    "study survey report statement newspaper magazine broadcaster channel "
    "network website paper agency regulator watchdog charity "
    "coalition foundation institute institution force forces opposition service "
    "league family relatives neighbours friends firefighters "
    "analysts economists journalists media sources indictment lawsuit "
    "tribunal panel inquiry campaign source rebels militants".split()
)
_SPEAKING_BODIES = BODIES | frozenset(f"{role}s" for role in ROLES if len(role) > 4)
_SETS = {
    "P": ("he she they"),
    "I": ("i we you"),
    "D": (
        "the a an his her its their this that these those another one some two three four five six several many both no my our "
        "your other all most every each"
    ),
    "a": (
        "reportedly allegedly apparently also later then again now still even just only recently repeatedly previously "
        "subsequently once never not further therefore meanwhile however instead too always often soon already ever once first "
        "simply quickly has have had did does do was is are were be been being will would could might may should can cannot "
        "didn't doesn't don't hasn't hadn't won't wouldn't wasn't weren't isn't himself herself themselves itself since "
        "personally yet though afterwards additionally furthermore moreover nevertheless nonetheless"
    ),
    "t": (
        "monday tuesday wednesday thursday friday saturday sunday yesterday today tomorrow tonight january february march april "
        "june july august september october november december morning afternoon evening night week"
    ),
    "f": ("of for at from in"),
    "p": (
        "on by with to into as about over under against between among during through via near around across outside inside "
        "without within following despite upon per off up down out including"
    ),
    "c": ("and or but"),
    "w": ("who which whom"),
    "x": ("it there here such like more less much yes oh well right"),
    "s": ("after before when while whereas although because if unless until where how why what whether so than"),
    "k": ("de van von bin al el la da der den di du ibn ben le dos del"),
    "v": (
        "went met took gave made held came left got began became found led saw won lost died rose fell brought let put set sent "
        "kept ran stood sat"
    ),
}
_SMALL = {word: kind for kind, line in _SETS.items() for word in line.split()}
BE = frozenset("was is are were be been being am wasn't weren't isn't aren't".split())
NOT = frozenset("not never didn't doesn't don't hasn't haven't hadn't won't wouldn't cannot neither nor".split())
UNWILLING = frozenset("refused declined refuses declines failed refusing declining failing".split())
TITLE_WORDS = ROLES | frozenset("officer mr. mrs. ms. dr. prof. gen. sen. rep. gov. lt. sgt. col. rev. st.".split())
"""The last word before a name."""
_ADJECTIVES = frozenset(
    "leading acting retired former armed visiting ruling sitting managing marketing engineering united".split()
)


_MEN = (
    "Adam Ahmed Alan Albert Alex Alexander Ali Andrew Andrzej Anthony Antonio Arthur Barack Ben Benjamin Bernard Bernie Bill "
    "Bob Boris Brian Bruce Carlos Charles Chris Christopher Daniel David Dennis Dmitry Dominic Donald Douglas Edward Elon "
    "Emmanuel Eric Frank François Fred Gary George Giuseppe Graham Greg Gregory Harry Henry Hugh Ian Ivan Jack Jacob James "
    "Jason Jeff Jens Jeremy Jerome Jim Joe John Jonathan Jorge Joseph José Juan Justin Karl Keir Keith Ken Kenneth Kevin "
    "Larry Lars Lawrence Lee Luis Marco Mark Martin Matt Matthew Michael Michel Mike Mohammed Muhammad Narendra Nicholas Nick "
    "Nicolas Nigel Olaf Oliver Omar Patrick Paul Pedro Peter Philip Pierre Rafael Recep Rishi Richard Robert Roger Ronald "
    "Ryan Samuel Scott Sean Sergei Simon Stefan Stephen Steve Steven Thomas Tim Tom Tony Vladimir Volodymyr Walter William Xi "
    "Yusuf"
)
_WOMEN = (
    "Aisha Alexandra Alice Amanda Amy Andrea Angela Ann Anna Anne Annie Barbara Beth Caroline Carrie Catherine Charlotte "
    "Christine Claire Cynthia Deborah Diana Donna Dorothy Elena Elizabeth Emily Emma Erin Erna Eva Fatima Fiona Giorgia Grace "
    "Hannah Heather Helen Hillary Irene Isabel Jacinda Jane Janet Jennifer Jenny Jessica Joan Joanna Judith Julia Julie "
    "Kamala Karen Kate Katherine Kathleen Kelly Kim Laura Leila Linda Lisa Liz Louise Lucy Margaret Maria Marie Marine Mary "
    "Melissa Michelle Monica Monika Nancy Natalie Nicola Nicole Olga Olivia Pamela Patricia Priti Rachel Rebecca Rosa Ruth "
    "Samantha Sandra Sanna Sara Sarah Sharon Sophie Stephanie Susan Susana Tanya Teresa Theresa Ursula Valerie Vanessa "
    "Victoria Wendy Yulia"
)


@cache
def given() -> dict[str, str]:
    """Common first names, and the pronoun that goes with each."""
    return dict.fromkeys(_MEN.split(), "he") | dict.fromkeys(_WOMEN.split(), "she")


@cache
def cues() -> dict[str, str]:
    """Each form of each verb of saying, and the verb."""
    found = {form: line.split()[0] for line in _IRREGULAR.split(";") for form in line.split()}
    for base in _REGULAR:
        stem = base[:-1] if base.endswith("e") else base
        for form in (base, base + ("es" if base.endswith(("ss", "sh", "ch")) else "s"), stem + "ed", stem + "ing"):
            found.setdefault(form, base)
    return found


def also_noun(form: str) -> bool:
    """Whether ``form`` may be no verb of saying at all."""
    return form in _ALSO_NOUNS


@cache
def kind(word: str) -> str:
    """One letter for what ``word`` is in a sentence.

    C capitalised, R role, O body, P pronoun of a third person, I of another, D determiner, V form of saying, a adverb or
    auxiliary, t time, f and p prepositions, c conjunction, w relative, s subordinator, k name particle, v other verb, n number,
    x other, or the mark itself.
    """
    lower = word.lower()
    lower = lower.removesuffix("'s").removesuffix("’s") if lower[:2] in {"it", "he", "sh"} else lower
    if lower in _SMALL and (word == lower or _SMALL[lower] not in "kv"):
        return _SMALL[lower]
    if lower in cues() and word == lower:
        return "V"
    if not word[0].isalnum():
        return {"–": "-", "—": "-", "-": "-", ";": ";", ":": ":", ",": ",", "!": ".", "?": ".", "(": "(", ")": ")"}.get(word, ".")
    return _open_kind(word, lower)


def _open_kind(word: str, lower: str) -> str:
    if word[0].isdigit():
        return "n"
    if lower in _SPEAKING_BODIES and (word == lower or word == word.capitalize()):
        return "O"
    if word[0].isupper():
        return "C"
    if lower in ROLES:
        return "R"
    if lower.endswith("ly") and len(lower) > 4:
        return "a"
    return "v" if lower.endswith(("ed", "ing")) and lower not in _ADJECTIVES else "x"
