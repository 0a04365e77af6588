"""First data of the register. Idempotent by key; what people have changed since is never overwritten."""

from portal.cms import texts
from survivors.facts.models import Fact, Source
from survivors.facts.release import load, translated_words


def seed() -> str:
    """Create what is missing. Returns what was done, in words. Raises ``ValidationError`` for a fault in the file."""
    sources = {source.code: source for source in Source.objects.all()}
    for row in load("sources.yaml"):
        if row["code"] not in sources:
            source = Source(**row)
            source.full_clean()
            source.save()
            sources[source.code] = source
    words = translated_words()
    known = set(Fact.objects.values_list("key", flat=True))
    rows = [row for row in load("facts.yaml") if row["key"] not in known]
    for row in rows:
        fact = Fact(
            key=row["key"],
            kind=row["kind"],
            value=row["value"],
            unit=row.get("unit", ""),
            nations=row["nations"],
            source=sources[row["source"]],
            seen=row["seen"],
            mark=row["mark"],
        )
        for field in Fact.WORDS:
            setattr(fact, f"{field}_en", row.get(field, ""))
            for language, translations in words.items():
                setattr(fact, f"{field}_{language}", translations.get(row["key"], {}).get(field, ""))
        fact.full_clean()
        fact.save()
    for language in words:
        texts.remember(Fact, Fact.objects.all(), language)
    return f"facts: {len(rows)} added, {len(known)} were there; sources: {len(sources)}"
