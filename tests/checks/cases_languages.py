"""Faults of an issue in several languages, and what is near to them and none."""

from tests.checks.cases_editorial import SECTIONS, plan
from tests.checks.workspace import CALL, EVENT, FILES, MORE, NEWS, SETTINGS, STUDY, Case, add, fault, sound

WORDS = "{title: Notre lettre, subject: Douze projets commencent, preheader: Et un forum à Tripoli pour en parler}"
FRENCH = (SECTIONS, f"lists: [monthly]\nlanguages: [en, fr]\ntranslations: {{fr: {WORDS}}}\n")
CORRECTED = """corrections:
  - date: 2024-08-02
    note: The call closes on 12 August.
    translations: {fr: {note: L’appel est ouvert jusqu’au 12 août.}}
"""
HEADINGS = (
    ("take: study", "take: study\n    translations: {fr: {heading: Études}}"),
    ("take: news", "take: news\n    translations: {fr: {heading: Actualités}}"),
    ("take: call", "take: call\n    translations: {fr: {heading: Appels}}"),
    ("take: event", "take: event\n    translations: {fr: {heading: Événements}}"),
)


def translated(*but: str) -> dict[str, str]:
    """Return all entries with a translation into French, but some."""
    entries = (NEWS, MORE, STUDY, CALL, EVENT)
    return {
        name: files
        for number, name in enumerate(entries)
        if name not in but
        for files in add(
            name, f"translations: {{fr: {{title: Titre {number}, summary: Résumé {number} en français}}}}"
        ).values()
    }


def called(*tables: str) -> dict[str, str]:
    """Return an issue in English and French, with more in the settings."""
    return {**plan(FRENCH, *HEADINGS), **add(SETTINGS, "\n".join(tables))}


NEWSLETTER = '[translations.fr]\ntitle = "Notre lettre"'
LIST = '[lists.monthly.translations.fr]\ntitle = "Lettre mensuelle"'
TAGLINE = '[brand]\n¦tagline = "News from Vienna"'

CASES: tuple[Case, ...] = (
    fault(
        "EDT034",
        {
            **plan(
                (
                    FRENCH[0],
                    FRENCH[1]
                    .replace("title: Notre", "title: Notre bonne")
                    .replace("Douze projets commencent", "¦Notre bonne lettre"),
                ),
                *HEADINGS,
            ),
            **add(SETTINGS, NEWSLETTER),
        },
        "the subject is the title of the issue",
    ),
    sound("EDT034", {**plan(FRENCH, *HEADINGS), **add(SETTINGS, NEWSLETTER)}),
    fault(
        "EDT018",
        {**plan(FRENCH, *HEADINGS), **translated(MORE), MORE: FILES[MORE].replace("title:", "¦title:")},
        "“A forum seeks closer ties” is not translated into French (fr)",
    ),
    fault(
        "EDT018",
        {
            **plan((FRENCH[0], f"{FRENCH[1]}untranslated: show\n"), *HEADINGS),
            **translated(MORE),
            **add(MORE, "translations: {¦fr: {title: Un forum}}"),
        },
        "“Un forum” has a title alone in French (fr)",
    ),
    sound("EDT018", {**plan(FRENCH, *HEADINGS), **translated()}),
    *(
        sound("EDT018", {**plan((FRENCH[0], f"{FRENCH[1]}untranslated: {decided}\n"), *HEADINGS), **translated(MORE)})
        for decided in ("show", "leave out")
    ),
    fault(
        "EDT019",
        {
            **plan(
                (SECTIONS, "lists: [monthly]\n¦languages: [en, fr, de]\n"),
                *((old, new.replace("{fr:", "{de: {heading: Neues}, fr:")) for old, new in HEADINGS[1:]),
                ("heading: Studies", "¦heading: Studies"),
            ),
            **translated(),
        },
        "subject and intro are not translated into French (fr) and German (de)",
        "the heading “Studies” is not translated into French (fr) and German (de)",
    ),
    fault(
        "EDT019",
        {
            **plan(
                (
                    SECTIONS,
                    "lists: [monthly]\nintro: Dear all\nlanguages: [en, fr]\ntranslations: {¦fr: {subject: Douze}}\n",
                ),
                *HEADINGS[1:],
                ("take: study", "take: study\n    ¦intro: Read them.\n    translations: {fr: {heading: Études}}"),
            ),
            **translated(),
        },
        "title, preheader and intro are not translated into French (fr)",
        "the intro of “Studies” is not translated into French (fr)",
    ),
    sound("EDT019", {**plan(FRENCH, *HEADINGS), **translated()}),
    fault(
        "EDT035",
        plan((SECTIONS, f"{SECTIONS}languages: [en, fr, de]\n{CORRECTED.replace('note: The', '¦note: The')}")),
        "the correction “The call closes on 12 August.” is not translated into German (de)",
    ),
    fault(
        "EDT035",
        plan((FRENCH[0], f"{FRENCH[1]}{CORRECTED}  - {{date: 2024-08-05, ¦note: Its author is Bea.}}\n"), *HEADINGS),
        "the correction “Its author is Bea.” is not translated into French (fr)",
    ),
    sound("EDT035", plan((FRENCH[0], FRENCH[1] + CORRECTED), *HEADINGS)),
    sound(
        "EDT035", plan((SECTIONS, f"{SECTIONS}corrections: [{{date: 2024-08-02, note: It closes on 12 August.}}]\n"))
    ),
    fault(
        "EDT037",
        {**plan(FRENCH, *HEADINGS), SETTINGS: f"¦{FILES[SETTINGS]}"},
        "“Our newsletter” and “Monthly newsletter” of the settings are not translated into French (fr)",
    ),
    fault(
        "EDT037",
        called(NEWSLETTER, LIST, TAGLINE),
        "“News from Vienna” of the settings is not translated into French (fr)",
    ),
    # Nobody has said in which language the settings are: then it is the first of the issue, and en-GB reads en.
    fault(
        "EDT037",
        {
            **plan((SECTIONS, "lists: [monthly]\nlanguages: [de, en-GB]\n")),
            SETTINGS: FILES[SETTINGS].replace('title = "Monthly', '¦title = "Monthly')
            + "[translations.en]\ntitle = 'Our newsletter'\n",
        },
        "“Monthly newsletter” of the settings is not translated into English (United Kingdom, en-GB)",
    ),
    sound("EDT037", called(NEWSLETTER, LIST)),
    # Whoever has translated something, and not the title, wants it to stay.
    sound("EDT037", called('[translations.fr]\npostal_address = "Rue 1, 1000 Ville"', LIST)),
    # The team calls the newsletter so in French as well, and the list is named by an acronym.
    sound(
        "EDT037",
        {
            **plan(
                (FRENCH[0], FRENCH[1].replace("Notre lettre", "Our Newsletter – juillet 2024")),
                *HEADINGS,
            ),
            SETTINGS: FILES[SETTINGS].replace("Monthly newsletter", "UNHCR"),
        },
    ),
    # A list of those who read French is called as they call it.
    sound("EDT037", called('language = "fr"', NEWSLETTER)),
    sound("EDT037", plan((SECTIONS, f"{SECTIONS}languages: [de]\n"))),
    sound(
        "EDT037",
        {**plan((SECTIONS, f"{SECTIONS}languages: [en-GB]\n")), SETTINGS: f'language = "en"\n{FILES[SETTINGS]}'},
    ),
)
