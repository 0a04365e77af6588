"""Pages of the survivors' guide: home, topics, guide pages, the glossary."""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest
from django.urls import reverse
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.fields import StreamField
from wagtail.models import Locale, PageViewRestriction
from wagtail.url_routing import RouteResult
from wagtail_localize.fields import SynchronizedField, TranslatableField

from portal.cms import texts
from portal.cms.blocks import Statement
from portal.cms.fields import ChoicesField
from portal.cms.marks import MARKS, is_settled, worst
from portal.cms.models import BasePage
from portal.cms.readable import readable_ids
from portal.design.icons import ICON_CHOICES
from portal.languages import FIRST_RELEASE, SOURCE, Language
from survivors.facts.models import Fact, Source
from survivors.facts.nations import NATIONS, WHERE
from survivors.facts.wording import problems, references
from survivors.guide.audience import AGES, ANY, STAGES, STEPS
from survivors.guide.blocks import Body
from survivors.guide.contents import Entry, build, neighbours


def facts_referred(register: dict[str, Fact]) -> Callable[[str], Iterable[str]]:
    """A function from a text to the marks of the facts it refers to; an unknown key or value counts as ``"D"``."""

    def marks(text: str) -> list[str]:
        known = (register.get(key) for key in references(text))
        return [fact.mark if fact and fact.is_known else "D" for fact in known]

    return marks


class Worded(BasePage):
    """A page whose words may refer to facts, and may hold no typed number."""

    class Meta:
        abstract = True

    WORDS: ClassVar[tuple[str, ...]] = ("title", "browser_title", "summary")
    BESIDE: ClassVar[tuple[str, ...]] = ("slug", "checked_by", "seo_title", "search_description")  # words, but not translated

    def clean(self) -> None:
        """Refuses typed numbers, outside links and unknown facts, in every path by which words are saved."""
        super().clean()
        values = Fact.objects.values_for_texts()
        found = {name: wrong for name in (*self.WORDS, *self.BESIDE) if (wrong := problems(getattr(self, name) or "", values))}
        if wrong := [line for text in self.body_texts() for line in problems(text, values)]:
            found["body"] = wrong
        if found:
            raise ValidationError(found)

    def body_texts(self) -> Iterable[str]:
        """Every text of the body, as stored."""
        return ()

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds the register of facts and the table of contents."""
        context = super().get_context(request, *args, **kwargs)
        facts = Fact.objects.register(context["language"].code)
        topics = table_of_contents(context["language"])
        before, after = neighbours(topics, context["path"])
        context |= {"facts": facts, "marks_of": facts_referred(facts), "topics": topics, "before": before, "after": after}
        return context


class GuideHome(Worded):
    """The first page of a language: three doors, the path, the topics."""

    max_count = 1
    parent_page_types: ClassVar = ["wagtailcore.Page"]
    subpage_types: ClassVar = ["guide.TopicPage"]
    template = "survivors/guide/home.html"

    danger_title = models.CharField("door one: title", max_length=60)
    danger_text = models.CharField("door one: text", max_length=160)
    signs_title = models.CharField("door two: title", max_length=60)
    signs_text = models.CharField("door two: text", max_length=160)
    ask_title = models.CharField("door three: title", max_length=60)
    ask_text = models.CharField("door three: text", max_length=160)

    DOORS: ClassVar = (("danger", "phone", "get-help-now"), ("signs", "eye", "is-this-me"), ("ask", "hand", "support-worker"))
    WORDS = (*Worded.WORDS, "danger_title", "danger_text", "signs_title", "signs_text", "ask_title", "ask_text")
    content_panels: ClassVar = [
        *BasePage.content_panels,
        *(
            MultiFieldPanel([FieldPanel(f"{door}_title"), FieldPanel(f"{door}_text")], heading=f"Door: {slug}")
            for door, _icon, slug in DOORS
        ),
    ]
    translatable_fields: ClassVar = [
        *BasePage.translatable_fields,
        *(TranslatableField(f"{door}_{part}") for door, _icon, _slug in DOORS for part in ("title", "text")),
    ]

    class Meta:
        verbose_name = "home"

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """The page in this language, or the English one: its template says in the reader's language that it is English."""
        try:
            return super().route(request, path_components)
        except Http404:
            if self.locale.language_code == SOURCE:
                raise
        english = self.get_translation(Locale.objects.get(language_code=SOURCE)).specific
        return english.route(request, path_components)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds ``doors`` and the ``steps`` of the path with the page each begins at."""
        context = super().get_context(request, *args, **kwargs)
        pages = {page.slug: page for topic in context["topics"] for page in topic.pages}
        context["doors"] = [
            {
                "title": getattr(self, f"{door}_title"),
                "text": getattr(self, f"{door}_text"),
                "icon": icon,
                "page": pages[slug],
                "name": door,
            }
            for door, icon, slug in self.DOORS
            if slug in pages
        ]
        context["finder"] = reverse("entitlements:finder")  # worked out here, where the reader's language is the active one
        first = {page.step: page for page in reversed(list(pages.values())) if page.step}
        context["steps"] = [(name, label, first.get(name)) for name, label in STEPS]
        return context


class TopicPage(Worded):
    """A topic: cards of its pages."""

    parent_page_types: ClassVar = ["guide.GuideHome"]
    subpage_types: ClassVar = ["guide.GuidePage", "guide.GlossaryPage"]
    template = "survivors/guide/topic.html"

    icon = models.CharField("pictogram", max_length=20, choices=ICON_CHOICES)

    content_panels: ClassVar = [*BasePage.content_panels, FieldPanel("icon")]
    translatable_fields: ClassVar = [*BasePage.translatable_fields, SynchronizedField("icon")]

    class Meta:
        verbose_name = "topic"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds ``topic``, this topic's entry with its pages."""
        context = super().get_context(request, *args, **kwargs)
        context["topic"] = next((topic for topic in context["topics"] if topic.path == context["path"]), None)
        return context


class Article(Worded):
    """A page of text with its audience, sources and place on the path."""

    parent_page_types: ClassVar = ["guide.TopicPage"]
    subpage_types: ClassVar[list[str]] = []

    icon = models.CharField("pictogram", max_length=20, choices=ICON_CHOICES)
    step = models.CharField("step of the path", max_length=20, choices=STEPS, blank=True)
    stages = ChoicesField("stages", vocabulary=STAGES)
    nations = ChoicesField("nations", vocabulary=WHERE)
    ages = ChoicesField("ages", vocabulary=AGES)
    now = models.CharField("the one thing to do now", max_length=200, blank=True)
    search_words = models.CharField("other words people look for", max_length=300, blank=True)
    body = StreamField(Body(), blank=True)

    WORDS = (*Worded.WORDS, "now", "search_words")
    content_panels: ClassVar = [
        *BasePage.content_panels,
        HelpPanel(template="survivors/guide/panels/facts.html"),
        *(FieldPanel(name) for name in ("now", "body", "search_words")),
    ]
    audience_panels: ClassVar = [FieldPanel(name) for name in ("icon", "step", "stages", "nations", "ages", "sources")]
    translatable_fields: ClassVar = [
        *BasePage.translatable_fields,
        TranslatableField("now"),
        TranslatableField("body"),
        TranslatableField("search_words"),
        *(SynchronizedField(name) for name in ("icon", "step", "stages", "nations", "ages", "sources")),
    ]

    class Meta:
        abstract = True

    def body_texts(self) -> Iterable[str]:
        """Headings, paragraphs, steps, titles: everything typed in the body."""
        for child in self.body:
            if isinstance(child.block, Statement):
                yield from child.block.statements(child.value)
            elif child.block_type == "heading":
                yield child.value["text"]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds the page's audience in words, its path steps and whether its own lines are settled."""
        context = super().get_context(request, *args, **kwargs)
        marks = context["marks_of"](f"{self.now} {self.summary}")
        context |= {
            "steps": [(name, label, None) for name, label in STEPS],
            "chips": [
                *ChoicesField(vocabulary=AGES).labels(self.ages if len(self.ages) < len(AGES) else []),
                *ChoicesField(vocabulary=NATIONS).labels(self.nations),
                *ChoicesField(vocabulary=STAGES).labels([] if ANY in self.stages or len(self.stages) > 4 else self.stages),
            ],
            "is_settled": is_settled(worst(self.mark, *marks)),
            "page_sources": self.sources.all(),
        }
        return context

    @classmethod
    def tabs(cls) -> TabbedInterface:
        """Words first; who it is for; how it was checked; its address."""
        return TabbedInterface(
            [
                ObjectList(cls.content_panels, heading="Words"),
                ObjectList(cls.audience_panels, heading="For whom, and sources"),
                ObjectList(cls.check_panels, heading="Check"),
                ObjectList(cls.promote_panels, heading="Address"),
            ]
        )


class GuidePage(Article):
    """One question a survivor may have, answered."""

    template = "survivors/guide/page.html"
    sources = ParentalManyToManyField(Source, blank=True, related_name="+", verbose_name="official sources")

    class Meta:
        verbose_name = "guide page"


class GlossaryPage(Article):
    """Easy words: short meanings of official ones."""

    template = "survivors/guide/glossary.html"
    sources = ParentalManyToManyField(Source, blank=True, related_name="+", verbose_name="official sources")

    class Meta:
        verbose_name = "glossary"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds ``terms`` in the order of the reader's alphabet, each with whether it may stand as a fact."""
        context = super().get_context(request, *args, **kwargs)
        context["terms"] = [
            {**term, "settled": is_settled(worst(term["mark"], *context["marks_of"](term["meaning"])))}
            for term in Term.objects.in_words_of(context["language"].code)
        ]
        return context


class TermQuerySet(models.QuerySet["Term"]):
    """Glossary entries."""

    def in_words_of(self, language: str) -> list[dict[str, Any]]:
        """``{key, word, english, meaning, mark, code}`` for every term, sorted; English where a language has no words yet."""
        entries = []
        terms = list(self)
        shown = texts.shown(Term, terms, language)
        for term in terms:
            code = language if str(term.pk) in shown else SOURCE
            word, meaning = getattr(term, f"word_{code}"), getattr(term, f"meaning_{code}")
            entries.append(
                {
                    "key": term.key,
                    "word": word,
                    "english": getattr(term, f"word_{SOURCE}"),
                    "meaning": meaning,
                    "mark": term.mark,
                    "code": code,
                }
            )
        return sorted(entries, key=lambda entry: entry["word"].casefold())


class Term(models.Model):
    """An official word and its plain meaning."""

    WORDS: ClassVar[tuple[str, ...]] = ("word", "meaning")

    key = models.SlugField("key", max_length=60, unique=True)
    word = models.CharField("word", max_length=120)
    meaning = models.CharField("meaning", max_length=400)
    mark = models.CharField("how sure are we?", max_length=1, choices=MARKS, default="C")

    objects = models.Manager.from_queryset(TermQuerySet)()

    class Meta:
        ordering: ClassVar = ["key"]

    def __str__(self) -> str:
        return self.word or self.key

    def clean(self) -> None:
        """The same rules as for pages, in every language: numbers stand in the register."""
        values = Fact.objects.values_for_texts()
        fields = [f"{name}_{language.code}" for name in ("word", "meaning") for language in FIRST_RELEASE]
        if found := {field: wrong for field in fields if (wrong := problems(getattr(self, field) or "", values))}:
            raise ValidationError(found)


def table_of_contents(reader: Language) -> list[Entry]:
    """Topics in the order of the tree, each with its pages, in the reader's language where there is one. Four queries."""
    rows = _rows({SOURCE, reader.code})
    return build(rows[SOURCE], rows[reader.code] if reader.code != SOURCE else [], reader)


def _rows(locales: set[str]) -> dict[str, list[dict[str, Any]]]:
    """Locale → rows in the order of the tree. Pages behind a privacy setting are left out, with everything below them."""
    fields = ("path", "url_path", "translation_key", "slug", "title", "summary", "icon", "locale__language_code", "pk")
    private = tuple(PageViewRestriction.objects.values_list("page__path", flat=True))
    found: dict[str, list[dict[str, Any]]] = {locale: [] for locale in locales}
    readable = {locale: readable_ids(locale) for locale in locales}
    for model, extra in ((TopicPage, ()), (GuidePage, ("step", "search_words")), (GlossaryPage, ("step", "search_words"))):
        for row in model.objects.live().filter(locale__language_code__in=locales, alias_of=None).values(*fields, *extra):
            shown = readable[row["locale__language_code"]]
            if not row["path"].startswith(private) and (shown is None or row["pk"] in shown):
                found[row["locale__language_code"]].append(row)
    return {locale: sorted(rows, key=lambda row: row["path"]) for locale, rows in found.items()}


# The tabs need the concrete classes: each has its own column of sources.
GuidePage.edit_handler = GuidePage.tabs()
GlossaryPage.edit_handler = GlossaryPage.tabs()
