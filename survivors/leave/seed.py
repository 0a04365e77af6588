"""The pages that leaving leads to, as facts of the register. What two people have changed since is never overwritten."""

from portal.languages import BY_CODE
from survivors.facts.models import Fact, Kind, Source
from survivors.leave.destinations import destinations, key

LIST = {"code": "LEAVE", "title": "List of neutral pages for leaving", "publisher": "Waymark"}


def seed() -> str:
    """Create the page of each language that has none. Returns what was done, in words."""
    known = set(Fact.objects.filter(kind=Kind.EXIT).values_list("key", flat=True))
    missing = [language for language in BY_CODE if key(language) not in known]
    for language in missing:
        source, _ = Source.objects.get_or_create(code=LIST["code"], defaults=LIST)
        fact = Fact(key=key(language), kind=Kind.EXIT, value=destinations()[language][0], nations=["uk"], source=source, mark="B")
        setattr(fact, "name_en", f"Page for leaving, {BY_CODE[language].name}")  # noqa: B010 - a column of the translations
        fact.full_clean()
        fact.save()
    return f"pages for leaving: {len(missing)} added, {len(known)} were there"
