"""Finds what could lead somebody to a door: postcodes, streets, numbers, addresses of every kind. Pure.

Names and descriptions of services are read by many people, some of them by everybody. A safehouse whose place is not written
down cannot leak, so a text that looks like a place or a way to reach one is refused, also where it may be harmless.
"""

import re
import unicodedata

# Areas of the United Kingdom's postcodes. Source: Royal Mail, list of postcode areas (124, with the Crown dependencies).
AREAS = (
    "AB|AL|B|BA|BB|BD|BH|BL|BN|BR|BS|BT|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|DT|DY|E|EC|EH|EN|EX|FK|FY|G|GL|GU|GY|HA|HD|HG|"
    "HP|HR|HS|HU|HX|IG|IM|IP|IV|JE|KA|KT|KW|KY|L|LA|LD|LE|LL|LN|LS|LU|M|ME|MK|ML|N|NE|NG|NN|NP|NR|NW|OL|OX|PA|PE|PH|PL|PO|PR|RG|RH|RM|S|SA|"
    "SE|SG|SK|SL|SM|SN|SO|SP|SR|SS|ST|SW|SY|TA|TD|TF|TN|TQ|TR|TS|TW|UB|W|WA|WC|WD|WF|WN|WR|WS|WV|YO|ZE"
)
GAP = r"[\s.\-–_·,/]"
INWARD = r"[0-9O][ABD-HJLNP-UW-Z]{2}"
POSTCODES = (
    re.compile(rf"\b(?:{AREAS}){GAP}{{0,2}}[0-9]{{1,2}}[A-Z]?{GAP}{{0,3}}{INWARD}\b", re.IGNORECASE),
    re.compile(rf"\b(?:{AREAS})[0-9]{{1,2}}[A-HJKPSTUW]?\b", re.IGNORECASE),  # the first half alone names a few thousand doors
    re.compile(rf"\bGIR{GAP}?0AA\b", re.IGNORECASE),
)
SPELLED = re.compile(rf"(?<!\w)(?:[A-Z0-9]{GAP}{{1,2}}){{4,6}}[A-Z0-9](?!\w)", re.IGNORECASE)  # B S 1 4 D J
WHOLE = re.compile(rf"(?:{AREAS})[0-9]{{1,2}}[A-Z]?{INWARD}", re.IGNORECASE)

NUMBER = r"\b\d{1,4}(?:[a-z]|\s?[-–/]\s?\d{1,4}[a-z]?)?"
WORDS = r"(?:[\w'’.-]+\s+){0,4}?"
# Words that end a street's name. The second kind is ordinary speech too ("6 rooms in a shared house"): there the name must look like one.
KINDS = (
    r"street|str|st|road|rd|avenue|ave|lane|ln|drive|dr|crescent|cres|terrace|terr|square|sq|gardens|gdns|grove|parade|mews|wharf|quay|wynd|"
    r"brae|vennel|circus|cottages?|boulevard|blvd|highway|embankment|esplanade|promenade|sr[aá]id|b[oó]thar"
)
WEAK = (
    r"av|close|cl|place|pl|court|ct|hill|park|row|walk|way|rise|view|gate|green|villas?|yard|loan|path|bank|mount|vale|house|flats?|building|"
    r"bldg|estate|manor|tower"
)
COMMON = (
    r"hours?|hrs?|days?|weeks?|months?|years?|beds?|bedded|rooms?|people|persons?|women|men|adults|families|staff|places?|shared|safe|self"
)
COUNTED = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thir|fif|twen|for)"  # as words of a number begin
WELSH = r"stryd|heol|hewl|ffordd|l[oô]n|rhodfa|rhiw|cilgant|clos|maes|bryn|pen|tyddyn|teras|plas|t[yŷ]|sgw[aâ]r|gerddi|cwrt"
STREETS = (
    re.compile(rf"{NUMBER},?\s+{WORDS}(?:{KINDS})\b", re.IGNORECASE),
    re.compile(rf"{NUMBER},?\s+(?:[A-Z][\w'’.-]+\s+){{1,3}}(?i:{WEAK})\b"),
    re.compile(rf"{NUMBER},?\s+(?!(?:{COMMON})\b)[\w'’.-]+\s+(?:{WEAK})\b", re.IGNORECASE),
    re.compile(rf"{NUMBER},?\s+(?:y\s+)?(?:{WELSH})\b", re.IGNORECASE),
    re.compile(rf"\b(?:{WELSH})[\s-]+[\w'’ -]{{2,30}}?,?\s+\d{{1,4}}\b", re.IGNORECASE),  # the number behind the name
    re.compile(r"\b[\w'’-]+\s+(?:street|road|avenue|lane|crescent|terrace|boulevard|wynd|vennel)\b", re.IGNORECASE),
    re.compile(r"\b(?:stryd|heol|hewl|rhodfa|cilgant|sr[aá]id|b[oó]thar)\s+\w+", re.IGNORECASE),
    re.compile(r"\b(?:flat|fflat|apartment|apt|unit|uned|suite|plot|caravan)\.?\s*(?:no\.?\s*)?\d", re.IGNORECASE),
    re.compile(rf"{NUMBER},?\s+[\w'’.]+-(?:{KINDS}|{WEAK})\b", re.IGNORECASE),  # 14 Mill-Street
    re.compile(r"\b[^\W\d][\w'’-]*\s+(?:rd|ave|cres|terr|blvd|gdns)\b", re.IGNORECASE),
    re.compile(rf"\b[A-Z][\w'’-]+\s+(?i:{KINDS})\.?,?\s+\d{{1,4}}\b"),
    re.compile(r"\b\d{1,3}[a-z]?,?\s+(?:The|THE)\s+[A-Z]\w+"),  # 12, The Meadows
    re.compile(r"\b(?:house|door|block|building)\s+(?:number|no\.?)\s*\d|\b(?:door|block)\s+\d", re.IGNORECASE),
    re.compile(rf"\bat\s+(?:number|no\.?)\s+(?:\d|{COUNTED})", re.IGNORECASE),
    re.compile(r"\b(?:flat\s*)?\d{1,2}/\d{1,2},\s*\d", re.IGNORECASE),  # a Scottish stair: 2/1, 34
    re.compile(r"\bp\.?\s?o\.?\s+box\b|\bblwch\s+post\b", re.IGNORECASE),
)
PLACES = (
    re.compile(r"-?\b\d{1,3}\.\d{3,}"),  # latitude, longitude
    re.compile(r"\d\s?°\s?(?!C\b)"),
    re.compile(r"(?:///\s*)?\b[a-z]{3,}\.[a-z]{3,}\.[a-z]{3,}\b", re.IGNORECASE),  # three words that name three metres
    re.compile(r"\bwhat\s?3\s?words\b|\bw3w\b|\b[a-z]{3,}\s\.\s[a-z]{3,}\s\.\s[a-z]{3,}\b", re.IGNORECASE),
    re.compile(r"\b[HJNOST][A-HJ-Z]\s?\d{3,5}\s?\d{3,5}\b"),  # the national grid
)
YEARS = re.compile(r"\b(?:19|20)\d\d\s*(?:[-–/]|to)\s*(?:(?:19|20)?\d\d)\b")
# Hours of the day, in steps of five minutes: 9.30-17.00 is no telephone number.
TIMES = re.compile(r"\b(?:[01]?\d|2[0-4])[.:][0-5][05]\s*(?:[-–]|to)\s*(?:[01]?\d|2[0-4])[.:][0-5][05]\b")
PHONE = re.compile(r"(?:\+|\b)\(?\d(?:[\s().\-–/_*|:]*\d){6,}")
ROUND = re.compile(r"(?<=\d)o+|o+(?=\d)", re.IGNORECASE)  # O7700 9OO 123
DIGIT_WORDS = re.compile(
    r"(?:\b(?:zero|oh|nought|one|two|three|four|five|six|seven|eight|nine|double|triple)\b[\s,.-]*){5,}", re.IGNORECASE
)
EMAIL = re.compile(r"[\w.+-]+\s*(?:@|[(\[{<]\s?at\s?[)\]}>])\s*[\w-]+|(?<!\w)@\w{2,}|\b[\w.+-]+\s+at\s+[\w-]+\s+dot\s+\w+", re.IGNORECASE)
URL = re.compile(
    r"\bh\w{2}ps?:|\w://|\bwww\.|\b[\w-]+(?:\.[\w-]+)*\.(?:org|com|co|uk|net|info|cymru|wales|scot|gov|eu|io|me|app|help|example)\b"
    r"|\bdot\s+(?:org|com|uk)\b|[\w-]\s*\.\s*(?:org|com)\b|\b[\w-]+\.[a-z]{2,}/\w"
    r"|\b(?:insta(?:gram)?|ig|facebook|fb|twitter|tiktok|telegram|whatsapp|snapchat)\s*[:/]\s*\w",
    re.IGNORECASE,
)
HIDDEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\x00-\x1f\x7f\ud800-\udfff]")


def normalised(text: str) -> str:
    """One way to write the same name: composed letters, single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def has_hidden(text: str) -> bool:
    """Whether it holds signs that nobody sees but that turn or split what is read (INJ-11)."""
    return HIDDEN.search(text) is not None


def problems(text: str) -> list[str]:
    """What ``text`` seems to give away: of ``postcode street place phone email url``, in this order. Empty: nothing was found."""
    plain = _plain(text)
    spelled = any(WHOLE.fullmatch(re.sub(GAP, "", match[0])) for match in SPELLED.finditer(plain))
    found = {
        "postcode": spelled or any(pattern.search(plain) for pattern in POSTCODES),
        "street": any(pattern.search(plain) for pattern in STREETS),
        "place": any(pattern.search(plain) for pattern in PLACES),
        "phone": bool(PHONE.search(_numbers(plain)) or DIGIT_WORDS.search(plain)),
        "email": bool(EMAIL.search(plain)),
        "url": bool(URL.search(plain)),
    }
    return [name for name, is_there in found.items() if is_there]


def _plain(text: str) -> str:
    """As it is read: full-width and other digits as 0 to 9, nothing hidden between the letters, single spaces."""
    text = HIDDEN.sub("", " ".join(unicodedata.normalize("NFKC", text).split()))
    digits = "".join(str(unicodedata.digit(sign, sign)) if sign.isdigit() else sign for sign in text)
    return " ".join(digits.replace("。", ".").split())


def _numbers(plain: str) -> str:
    """Without years and hours, and with a round letter among digits as the nought it is read as."""
    return TIMES.sub(" ", YEARS.sub(" ", ROUND.sub(lambda found: "0" * len(found[0]), plain)))
