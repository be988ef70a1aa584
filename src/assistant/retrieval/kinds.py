"""What kind of answer a question asks for, by its wording alone."""


from assistant.retrieval.expecting import expected_value
from assistant.retrieval.patterns import SENTENCE_END, either

_LEAST_TOLD = 4
_CASE = 26
"""A question of so many words describes a case."""
_LEAST_CASE = 12
_TERM = 4
"""So few words that do not ask are a name to be explained."""

_COUNT = either(r"\bhow (?:many|much|long|often|big|large|far|old|fast|quickly|soon|high|strict)\b")
_COMPARE = either(
    r"\b(?:vs\b\.?|versus\b|as opposed to\b|unlike\b|distinguish)",
    r"\bcompar(?:e[sd]?|ing|ison)\b",
    r"\bdiffer(?:s|ing|ences?|entiat\w+)?\b|\bdifferent(?: from\b|\W*$)|\bdifferent\b.{1,40}\bbetween\b",
    r"^[^?:.]*\bor\b[^?:.]*(?::| [-–—]) ",
    r"\bwhat\b.{3,80}\band what (?:in|on|for|with|to|from)\b",
    r"(?:^|: )(?:[\w-]+ )*?([\w-]+) against (?:[\w-]+ )*?\1\W*$",
)
_CHOICE_OF_TWO = either(
    r"^\W*(?:is|are|does|do)\b.*\b(?!other|rather|later)\w{2,}er than (?!\d)",
    r"\b(?:better|cheaper|faster|worse|slower|more expensive)\b.{1,40}\b(?:than|or)\b",
    r"\bwhat\b.{3,80}, and what\b|\bwhen\b.{3,80} and when\b",
    r"\bwhich (?!\S+ or\b)[^?]{1,60}\bor (?:\w+ ){0,5}\w+ ?\?",
    r", (?:[\w-]+ ){1,4}or (?:\w+ ){0,5}\w+ ?\?",
)
_PLURAL_KINDS = (
    r"(?:kinds|types|sorts|ways|options|variants|forms|strategies|personas|roles|situations|cases|states|stages|phases|steps|logs|views|platforms|styles|"
    r"sources|targets|destinations|methods|modes|features|components|parts|categories|examples|formats|levels|classes|engines|languages|reasons|benefits|"
    r"advantages|disadvantages|limits|limitations|metrics|techniques|pillars|domains|services|tools|conditions|properties|requirements|prerequisites)\b"
)
_PLURAL = r"(?:[\w-]*[^\Wsu]s|people|men|women|children)\b"
_LIST = either(
    r"(?:^|[.:!?] )\W*(?:list|enumerate)\b",
    r"(?:^|[.:!?] )\W*name (?!(?:an?|one|of|some)\b)(?=(?:[\w-]+ ){0,3}\w*[^\Ws]s\b)",
    rf"\b(?:which|what)(?: \w+)? (?:are|were)(?: \w+){{0,4}} {_PLURAL_KINDS}",
    rf"\b(?:which|what)(?: (?!(?:did|do|does|has|have|is|was|of)\b)[\w-]+){{0,3}} {_PLURAL_KINDS}",
    rf"\b(?:what|who|which) (?:are|were) (?:the|all|our|my|your|some|its|their) (?:[\w-]+ ){{0,3}}?{_PLURAL}",
    rf"\b(?:two|three|four|five|six|seven|all(?: the)?) (?:\w+ )?{_PLURAL_KINDS}",
    r"\bpossible ways\b",
)
_PURPOSE = either(r"\bwhat (?:is|are|was|were)\b.{2,60} (?:used |good |there |meant )?for\W*$")
_STEPS_TO_TAKE = either(r"\b(?:what|which)(?: \w+)? steps (?:do|should|must|can)\b")
_HOWTO = either(
    r"\bhow (?:do|does|can|should|could|would|must) (?:i|we|you|one|someone|somebody|people)\b|\bhow to\b|\bwalk me through\b",
    r"^\W*(?:the )?steps\b|\bsteps (?:to|for|do|should|must)\b|\bstep[- ]by[- ]step\b|\b(?:procedure|instructions?|recipe)\b",
    r"\bwhich (?:commands?|statements?|sql|queries)\b.{0,40}\b(?:issue|run|enter|type)\b",
)
_CHOOSE = either(
    r"\bwhich (?:[\w-]+ ){0,4}(?:should|would|do you|services?|solution|product|database|storage class(?:es)?|option)\b|\bwe want\b",
    r"\b(?:how|what|where) (?:should|would) (?:you|we|they|it|that|this|he|she)\b|\bshould (?:we|i|they|he|she)\b",
)
_FAILS = either(
    r"(?-i:\b[A-Za-z]*[a-z](?:Exception|Error)s?\b)|\b(?:dies|crashes|aborts|throws)\b|\bkeeps? (?!running\b|going\b)\w+ing\b",
    r"\bhow (?:to|(?:do|can|should) (?:i|we|you)) (?:fix|repair|solve|resolve|debug)\b|\bget(?:ting)? rid of\b|\bwhat (?:helps|fixes)\b",
    r"^\W*why (?:do|does|did|is|are)\b.*\bnot\b|\bwhat(?:['’]s| is| could be| might be| can be) (?:\w+ )?(?:wrong|behind|the cause)\b",
    r"\b(?:can(?:.t|not)|couldn.t|unable to) (?:find|figure|work) (?:out )?(?:how|where)\b",
    r"[,.] what (?:now|should be done|to do|do i have to do|can (?:i|we) do)\b",
)
_TROUBLE = either(
    r"\b(?:errors?|exception|fail(?:s|ed|ing|ure)?|broken|crash\w*|abort\w*|stuck|slow|wrong|not work\w*|fix(?:es|ing)?|problems? with)\b",
    r"(?<!what)(?<!who)(?<!which) (?:can't|cannot|won't|doesn't|don't|isn't)\b",
)
_WHO_OR_WHEN = either(r"^\W*(?:who|whose|whom|when|where)\b")
_OF_A_FACT = either(
    r"^\W*(?:(?:in|on|at|to|by|of|for|from) )?(?:who|whose|whom|when|where|which|what \w+ (?:of|did|does|do|is|was|were|are))\b"
)
"""Asks for one thing, whatever else the question speaks of."""
_DEFINITION = either(
    r"^\W*(?:define|explain|describe|meaning of)\b",
    # "What is the purpose of it" asks what it is, "what is the weight of it" does not.
    r"^\W*(?:(?:in|on|for|with|within) [^,?]{2,40}, )?what(?:'?s| is| are) (?!(?:another|one)\b)"
    r"(?!the (?!purpose|idea|role|point|meaning|concept|function|job)(?:[\w-]+ ){1,4}?(?:of|for|in|on|per|between)\b)",
    r"^\W*what do(?:es)? .{2,60}\b(?:mean|stand for|do|refer to)\b|^\W*what (?:kind|sort|type) of \w+(?: \w+)? (?:is|are)\b",
    r"[-–—:,.] what (?:is|are|was|were) (?:that|it|this|they|those)\b|\w *= *\?\s*$",
    r"^\W*who (?:is|was) (?!the\b)[\w.'-]+(?: [\w.'-]+){0,2}\W*$",
)
_VALUED = either(
    r"\b(?:max\w*|min\w*|default|limit|size|price|cost|number|port|set to|most|least|longest|shortest|largest|smallest|biggest|highest|lowest|"
    r"latest|earliest|oldest|newest|fastest|slowest|cheapest)\b"
)
_ASKS = either(r"^\W*(?:who|what|when|where|which|why|how|is|are|was|were|do|does|did|can|could|may|must|should|will|would|has|have|had)\b")


def kind_of(text: str) -> str:
    """fact, definition, list, howto, compare, troubleshoot or scenario: the kind of answer that ``text`` asks for."""
    *before, asked = SENTENCE_END.split(text.strip())
    told, words = len(" ".join(before).split()) >= _LEAST_TOLD, len(text.split())
    counts, fails = bool(_COUNT.search(asked)), _fails(text, asked, told=told)
    if told and words >= _LEAST_CASE and _CHOOSE.search(asked) and not _FAILS.search(text):
        return "scenario"
    if words < _CASE and (_COMPARE.search(text) or (_CHOICE_OF_TWO.search(text) and not counts)):
        return "compare"
    if fails and not counts:
        return "troubleshoot"
    if _LIST.search(text) and not counts and not _STEPS_TO_TAKE.search(text) and not _PURPOSE.search(asked):
        return "list"
    if words < _CASE and (_HOWTO.search(text) and not _WHO_OR_WHEN.search(text)):
        return "howto"
    if words >= _CASE or (words >= _LEAST_CASE and _CHOOSE.search(text) and not counts):
        return "scenario"
    if _TROUBLE.search(text) and not counts and not _OF_A_FACT.search(asked):
        return "troubleshoot"
    if (_DEFINITION.search(text) and not _VALUED.search(text)) or (words <= _TERM and not _ASKS.search(text) and not expected_value(text)):
        return "definition"
    return "fact"


def _fails(text: str, asked: str, *, told: bool) -> bool:
    """Whether ``text`` tells of something that fails and asks what to do, or why."""
    return (told and asked.strip(" ?!").lower() == "why") or bool(_FAILS.search(text) and not _OF_A_FACT.search(text))
