"""What a machine can see is wrong with a translation, and what it must leave alone, in several scripts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.cms.translation_checks import problems
from portal.languages import FIRST_RELEASE, SOURCE

ENGLISH = "You can call the helpline {helpline}. It is free, and you do not have to say your name."
GOOD = {
    "ar": "يمكنك الاتصال بخط المساعدة {helpline}. الاتصال مجاني، ولا يلزم أن تذكر اسمك.",
    "vi": "Bạn có thể gọi đường dây trợ giúp {helpline}. Gọi miễn phí, và bạn không phải nói tên.",
    "ti": "ናብ መስመር ሓገዝ {helpline} ክትድውል ትኽእል ኢኻ። ብናጻ እዩ፡ ስምካ ክትነግር የብልካን።",
    "fa": "می‌توانید به خط کمک {helpline} زنگ بزنید. رایگان است و لازم نیست نام خود را بگویید.",
    "cy": "Gallwch ffonio’r llinell gymorth {helpline}. Mae am ddim, ac nid oes rhaid i chi ddweud eich enw.",
    "sq": "Mund të telefononi linjën e ndihmës {helpline}. Është falas dhe nuk duhet të thoni emrin.",
}


def found(english: str, own: str, language: str) -> str:
    return "; ".join(problems(english, own, language))


@pytest.mark.parametrize(("language", "own"), GOOD.items())
def test_a_good_translation_has_no_fault(language: str, own: str) -> None:
    assert problems(ENGLISH, own, language) == []


@pytest.mark.parametrize(
    ("english", "own", "language", "fault"),
    [
        ("Call now.", "", "ar", "it is empty"),
        ("Call now.", "  \n", "ti", "it is empty"),
        ("Call {helpline}.", "اتصل الآن.", "ar", "the facts in curly brackets differ: helpline in English, none here"),
        ("Call {helpline}.", "Gọi {police}.", "vi", "the facts in curly brackets differ: helpline in English, police here"),
        ("Call {helpline}.", "{helpline} ደውሉ {helpline}", "am", "the facts in curly brackets differ"),
        ("Changed on %(day)s.", "Đã đổi vào ngày.", "vi", "the placeholders differ: %(day)s in English, none here"),
        ("Read <a id='a1'>this</a>.", "اقرأ هذا.", "ar", "links or strong words differ"),
        ("Read <a id='a1'>this</a>.", "اقرأ <a id='a2'>هذا</a>.", "ar", "links or strong words differ"),
        ("You are <b>free</b> to go.", "Mund të shkoni lirisht.", "sq", "links or strong words differ"),
        ("You are free to go.", "Mund të shkoni <i>lirisht</i>.", "sq", "links or strong words differ"),
        ("If you are under 18", "إذا كان عمرك أقل من ١٧", "ar", "the typed numbers differ"),
        ("If you are under 18", "Nếu bạn chưa đủ tuổi", "vi", "the typed numbers differ"),
        ("If you are a child", "ዕድሜኻ 18 እንተኾይኑ", "ti", "the typed numbers differ"),
        ("You can ask for help today.", "You can ask for help today.", "vi", "it is still English"),
        ("You can ask for help today.", "you can ask for HELP today.", "cy", "it is still English"),
        ("You can ask for help.", "Mund mund mund të kërkoni ndihmë.", "sq", "“Mund” stands there twice"),
        ("You can ask for help.", "ክትሓትት ትኽእል ኢኻ ክትሓትት ትኽእል ኢኻ", "ti", "“ክትሓትት ትኽእል ኢኻ” stands there twice"),
        ("You can ask for help.", "يمكنك طلب المساعدة. يمكنك طلب المساعدة.", "ar", "“يمكنك طلب المساعدة” stands there twice"),
        (ENGLISH, "يمكنك {helpline}.", "ar", "it ends in the middle, or is far shorter"),
        (ENGLISH, GOOD["vi"].rpartition(" ")[0], "vi", "it ends in the middle"),
        (ENGLISH, GOOD["ti"].rstrip("።"), "ti", "it ends in the middle"),
        ("You can ask for help today.", "Mund të kërkoni ndihmë sot.", "ar", "it is not in the script of Arabic: “Mund”"),
        ("You can ask for help today.", "يمكنك طلب المساعدة اليوم.", "vi", "it is not in the script of Vietnamese"),
        ("You can ask for help today.", "ሎሚ ሓገዝ ክትሓትት ትኽእል ኢኻ።", "so", "it is not in the script of Somali"),
        ("You can ask for help today.", "Можете попросить о помощи.", "ro", "it is not in the script of Romanian"),
        ("You can ask for help today.", "ሎሚ help today please ክትሓትት", "ti", ""),
    ],
)
def test_every_kind_of_fault_is_found(english: str, own: str, language: str, fault: str) -> None:
    assert fault in found(english, own, language)


@pytest.mark.parametrize(
    ("english", "own", "language"),
    [
        ("Migrant Help", "Migrant Help", "vi"),  # a name stays as it is
        ("The Salvation Army", "The Salvation Army", "ar"),
        ("NRM", "NRM", "ti"),
        ("Modern Slavery Act and the Home Office", "قانون Modern Slavery Act ووزارة Home Office", "ar"),
        ("A Recovery Needs Assessment", "تقييم احتياجات التعافي (RNA)", "ar"),  # the initials that people will hear
        ("These are about fair pay and rest.", "Đó là quyền về trả công công bằng và nghỉ ngơi.", "vi"),  # two words that happen to meet
        ("Often it may be one and the same.", "Thường thì cùng cùng một nơi.", "vi"),
        ("Slowly, slowly.", "Yavash yavash.", "sq"),
        ("Bit by bit", "Bob yn dipyn dipyn", "cy"),
        ("No, no, no.", "لا لا لا.", "ar"),  # a comma is a pause
        ("Yes. You can ask for help. You can ask for help.", "يمكنك طلب المساعدة. يمكنك طلب المساعدة.", "ar"),  # English says it twice
        ("If you are under 18", "إذا كان عمرك أقل من ١٨", "ar"),
        ("If you are under 18", "اگر زیر ۱۸ سال هستید", "fa"),
        ("Call {emergency} or { police }", "ደውሉ {police} ወይ {emergency}", "am"),
        ("<b>Call</b> now", "Gọi <b>ngay</b>", "vi"),
        ("Is this true? Ask somebody whom you trust, today.", "هل هذا صحيح؟ اسأل اليوم شخصًا تثق به؟", "ar"),
        ("They asked you: “Is this really true for you today?”", "Họ hỏi bạn: “Điều này có thật sự đúng với bạn hôm nay không?”", "vi"),
        ("", "", "ar"),
        ("&amp;", "&amp;", "ar"),
        ("{helpline}", "{helpline}", "ti"),
    ],
)
def test_what_is_right_is_left_alone(english: str, own: str, language: str) -> None:
    assert problems(english, own, language) == []


languages = st.sampled_from([language.code for language in FIRST_RELEASE if language.code != SOURCE])
many = settings(max_examples=300, deadline=None)


@many
@given(st.text(), st.text(), languages)
def test_it_never_fails_and_says_each_fault_once(english: str, own: str, language: str) -> None:
    faults = problems(english, own, language)
    assert len(faults) == len(set(faults))
    assert all(fault.strip() for fault in faults)


@many
@given(st.sampled_from(sorted(GOOD)), st.sampled_from(["helpline", "police", "x y"]))
def test_any_reference_more_is_a_fault(language: str, key: str) -> None:
    assert "curly brackets" in found(ENGLISH, GOOD[language] + "{" + key + "}", language)


@many
@given(st.sampled_from(sorted(GOOD)), st.integers(0, 10**9), st.sampled_from(["0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹"]))
def test_a_number_is_the_same_in_every_script_and_no_other_is(language: str, number: int, digits: str) -> None:
    own = "".join(digits[int(digit)] for digit in str(number))
    assert "numbers" not in found(f"{ENGLISH} {number}", f"{GOOD[language]} {own}", language)
    assert "numbers" in found(f"{ENGLISH} {number + 1}", f"{GOOD[language]} {own}", language)


@many
@given(st.sampled_from(sorted(GOOD)), st.integers(1, 3))
def test_saying_it_again_is_a_fault(language: str, times: int) -> None:
    assert "twice" in found(ENGLISH, GOOD[language] + f" {GOOD[language]}" * times, language)


@many
@given(st.sampled_from(sorted(GOOD)), languages)
def test_another_script_is_a_fault(written: str, language: str) -> None:
    scripts = {entry.code: entry.script for entry in FIRST_RELEASE}
    assert ("script" in found(ENGLISH, GOOD[written], language)) == (scripts[written] != scripts[language])
