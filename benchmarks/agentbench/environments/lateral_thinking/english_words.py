"""Lists of English words that the reading of statements needs: our own, and general."""

from __future__ import annotations

_FUNCTION = """
    a an the this that these those there here it its he him his she her hers they them their
    theirs i me my mine we us our you your who whom whose which what when where why how
    himself herself itself themselves myself each other
    is was are were be been being am do does did done doing has have had having can could will
    would shall should may might must ought
    of in on at to from by for with into onto over under up down out off about as than then
    after before during through between within inside outside upon
    and or but if so because since while although though therefore thus however
    some any all every both either such same own more most much many lot very too also just
    only even still already really actually simply quite rather ever again once
    someone somebody something anyone anybody anything everyone everything thing things people
    person way kind sort part fact reason due result order
    happen happens happened happening occur occurs occurred become becomes became get gets got
    getting make makes made making take takes took taken taking go goes going went gone come
    comes came coming keep keeps kept let start starts started begin began begins
    true correct right yes question story truth mean means meant involve involves involved
    want wants wanted wish try tries tried trying aim purpose goal intend intends intended plan
    use uses used using utilize choose chose chooses chosen method manner feel feels felt like
    put puts place places time times commit commits committed gain gained protagonist main
    character hero seem seems seemed look looks looked appear appears situation able
"""
FUNCTION_WORDS = frozenset(_FUNCTION.split())
"""Words that say nothing by themselves about what happened."""

_NEGATION = """
    not no never none nobody nothing neither nor without cannot unable fail fails failed failing
    hardly rarely refuse refuses refused unwilling impossible lack lacks lacked
"""
NEGATORS = frozenset(_NEGATION.split())

_CLAUSES = "but because so and which who when while if although though since"
SCOPE_ENDS = frozenset(_CLAUSES.split())
"""Words that begin another clause: no negation reaches over them."""

_FORMS = """
    find found | see saw seen | think thought | know knew known | give gave given | tell told |
    say said | leave left | lose lost | die died dying death | hold held | stand stood | sit sat |
    fall fell fallen | run ran | eat ate eaten | drink drank drunk | drive drove driven |
    write wrote written | speak spoke spoken | steal stole stolen | break broke broken |
    throw threw thrown | wear wore worn | hide hid hidden | bite bit bitten |
    hang hung hanged | shoot shot | sleep slept asleep | wake woke woken | buy bought |
    bring brought | catch caught | teach taught | sell sold | send sent | spend spent |
    lie lay lying | man men | woman women | child children | foot feet | tooth teeth |
    mouse mice | wife wives | knife knives | life lives | half halves | leaf leaves |
    thief thieves | burn burnt | build built | hear heard | meet met | pay paid | read reading |
    ride rode ridden | ring rang rung | sing sang sung | swim swam swum | win won |
    fly flew flown | grow grew grown | draw drew drawn | forget forgot forgotten | dig dug |
    weep wept | weigh weight weighed | hit hitting | cut cutting | music musical
"""
_SAME = """
    dead deceased die passed perish | kill murder slay | murderer killer | wife spouse |
    husband hubby | mother mom mum mama | father dad papa | grandmother grandma granny |
    grandfather grandpa | child kid | brother sibling | policeman cop police officer |
    doctor physician | ill sick unwell | sad unhappy | happy glad joyful delighted |
    afraid scared scare frighten frightened terrify terrified startle fearful |
    angry mad furious | big large huge | small little tiny | end finish | stop cease halt |
    hit strike | throw toss | ask request | money cash | house home | car vehicle automobile |
    picture photo photograph | food meal | road street | gun pistol rifle |
    phone telephone cellphone mobile | corpse body cadaver | blood bleed bleeding bloody |
    rich wealthy | poor penniless | clever smart | stupid foolish | fast quick rapid |
    drunk intoxicated intoxication | alcohol liquor booze | realize realise understand notice |
    discover find detect | think believe suppose | mistake mistaken mistook mistakenly |
    steal rob theft | thief robber burglar | prison jail | prisoner inmate convict |
    train railway railroad | fall drop | jump leap | talk speak chat | shout yell scream |
    cry weep | laugh giggle | sleep doze | pretend fake | imitate mimic copy |
    blind blindness sightless | author writer | book novel | hospital clinic |
    boat ship vessel | ocean sea | rock stone | trash garbage rubbish | strange odd weird |
    hide conceal | help assist aid | injure hurt wound | sever chop cut | buy purchase |
    job work profession occupation | teacher instructor | student pupil | movie film |
    gift present | fungus mushroom | dwarf midget | hiccup hiccups hiccuping hiccupping |
    depend rely | stuck trap trapped | early soon | poison poisonous | sustain maintain |
    live life | deaf deafness | promise promised |
    1 one | 2 two twice pair | 3 three | 4 four | 5 five fifth | 6 six | 7 seven | 8 eight |
    9 nine | 10 ten
"""


def _leads(groups: str) -> dict[str, str]:
    """The first word of its group for each other word."""
    words = [group.split() for group in groups.split("|")]
    return {word: group[0] for group in words for word in group[1:]}


IRREGULAR = _leads(_FORMS)
SYNONYMS = _leads(_SAME)

PHRASES = (
    (r"\bkill(?:ed|s|ing)? (?:him|her|them|my|your)sel(?:f|ves)\b", "suicide"),
    (r"\bt(?:ake|akes|aking|ook) (?:his|her|their) own li(?:fe|ves)\b", "suicide"),
    (r"\bpass(?:ed|es|ing)? away\b", "died"),
    (r"\b(?:power (?:cut|failure)|blackout)\b", "power outage"),
    (r"\b(?:put(?:ting)? on|gained?) weight\b", "weight"),
    (r"\b(?:fall|fell|falling|fallen) asleep\b", "sleep"),
)
"""Expressions of several words, and the word that says the same."""

ANTONYMS = {
    "alive": "dead",
    "living": "dead",
    "innocent": "guilty",
    "unhappy": "happy",
    "healthy": "ill",
    "awake": "sleep",
    "sober": "drunk",
    "false": "true",
    "fake": "real",
    "absent": "present",
    "closed": "open",
    "survive": "dead",
    "survived": "dead",
}
"""Words that deny another word."""
