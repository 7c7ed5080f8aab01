"""Slips of keys, copies and programs that an editor sees at once; each with something near it that is right."""

from tests.checks.cases_editorial import BODY, PREHEADER, SUBJECT, plan, summary
from tests.checks.workspace import NEWS, PLAN, Case, body, fault, sound, swap

CASES: tuple[Case, ...] = (
    fault("EDT028", summary("They start in ¦the the spring."), "“the the”: a word twice"),
    fault("EDT028", summary("They start in ¦border border areas."), "“border border”: a word twice"),
    sound("EDT028", summary("Never never did they meet in Baden Baden, buku-buku, or in Wagga Wagga again again.")),
    sound("EDT028", summary("They had had enough of that, so nous nous sommes mis au travail.")),
    fault("EDT029", summary("They start ¦<b>today</b>, and go on."), "readers would see <b> as it stands"),
    fault(
        "EDT029",
        body("See ¦<b>this</b>.\n\nAnd <b>that</b>¦[^1]\n\n| a | b |\n¦|---|---|\n\n¦<script>alert(1)</script>[^2]"),
        "readers would see <b> as it stands",
        "readers would see [^1] as it stands",
        "readers would see |---|---| as it stands",
        "readers would see <script> as it stands",
    ),
    fault("EDT029", summary("They start ¦~~today~~ tomorrow."), "readers would see ~~today~~ as it stands"),
    fault("EDT029", summary("They start today¦[^1], and go on."), "readers would see [^1] as it stands"),
    fault(
        "EDT029",
        summary("|-\n  They start.\n\n  | a | b |\n  ¦|---|:--|\n  | 1 | 2 |"),
        "readers would see |---|:--| as it stands",
    ),
    fault(
        "EDT029",
        summary("They start today. ¦<!-- ask the director whether this is true before it goes out to everybody -->"),
        "readers would see <!-- ask the director whether this is true before it goes o… as it stands",
    ),
    fault("EDT029", summary("They start ¦:tada:, and go on."), "readers would see :tada: as it stands"),
    fault("EDT029", summary("|-\n  - One\n  ¦- [x] Two"), "readers would see - [x] as it stands"),
    fault("EDT029", summary("Press ¦<kbd>Enter</kbd>."), "readers would see <kbd> as it stands"),
    fault(
        "EDT029",
        body(
            "¦import Box from '../Box.astro'\n\n¦<Box client:load />\n\n## Wells ¦{#wells}\n\n¦!!! note \"More\"\n\n"
            "¦> [!NOTE]\n> It is ¦==new==.\n\n¦[TOC]\n\n¦*[NGO]: an organisation"
        ),
        "readers would see import Box from '../Box.astro' as it stands",
        "readers would see <Box client:load /> as it stands",
        "readers would see {#wells} as it stands",
        'readers would see !!! note "More" as it stands',
        "readers would see > [!NOTE] as it stands",
        "readers would see ==new== as it stands",
        "readers would see [TOC] as it stands",
        "readers would see *[NGO]: an organisation as it stands",
    ),
    sound(
        "EDT029", body("We import goods from abroad!!! A == B, <Https://www.example.org/> and Import it from 'there'.")
    ),
    fault(
        "EDT029",
        summary("See ¦![twelve wells](images/wells.png), and ![](images/more.png)."),
        "of the picture in the text readers would see the words “twelve wells”",
    ),
    fault("EDT029", summary("See ¦![](images/more.png)."), "of the picture in the text readers would see nothing"),
    sound("EDT029", summary("From 10:30:45 to re:start:now, http://a:b:c `:tada:` \\![no](picture) and [x].")),
    fault(
        "EDT029",
        {
            NEWS: BODY.format("status: ready").replace("Twelve projects", "All ¦**twelve** projects", 1),
            **plan(("  - heading: Events", "  - heading: Calls ¦&amp; events")),
        },
        "readers would see &amp; as it stands",
        "readers would see **twelve** as it stands",
    ),
    sound("EDT029", plan(("  - heading: Events", "  - heading: R&D; events * <all> [of them] 2 ** 3 and AT&T"))),
    sound("EDT029", summary("They say a < b > c, `<b>` and --- or | or ~ 5 % – <https://www.example.org/b>.")),
    fault(
        "EDT029",
        swap(NEWS, "title: Twelve projects begin", "title: All ¦**twelve** projects ¦&amp; ¦<i>more</i> begin¦</b>"),
        "readers would see **twelve** as it stands",
        "readers would see &amp; as it stands",
        "readers would see <i> as it stands",
        "readers would see </b> as it stands",
    ),
    fault(
        "EDT029",
        summary("See ¦(the plan)[https://www.example.org/p] and ¦[the map] (https://www.example.org/m)."),
        "readers would see (the plan)[https://www.example.org/p] as it stands",
        "readers would see [the map] (https://www.example.org/m) as it stands",
    ),
    sound("EDT029", swap(NEWS, "title: Twelve projects begin", "title: Research & *all* 2 < 3 [new] ** begin")),
    sound("EDT029", summary("See (the plan) [there](https://www.example.org/p), [a] (b) and AT&amp;T.")),
    fault(
        "EDT030",
        summary("It opens on ¦31 November, not on ¦February 30, 2024 or ¦29 February 2023."),
        "no calendar has “31 November”",
        "no calendar has “February 30, 2024”",
        "no calendar has “29 February 2023”",
    ),
    sound("EDT030", summary("It opens on 29 February or 30 November; Article 45 may apply.")),
    fault(
        "EDT031",
        summary("The Caf¦Ã© doesn¦â€™t open, ¦Ã“ Laoire says."),
        "“Ã©” is a garbled “é”",
        "“â€™” is a garbled “’”",
        "“Ã“” is a garbled “Ó”",
    ),
    sound("EDT031", summary("Ça va, ÂGE, NÃO, São, â€ and 20 °C in Århus – «à côté», Ä°.")),
    sound("EDT031", summary("„Spaß“, „MENÜ“, « CAFÉ», AMANHÃ”, « un été\u00a0», « voilà\u00a0» und „Ä“.")),
    fault(
        "EDT031",
        summary("¦ÐŸÑ€Ð¸Ð²ÐµÑ‚, wrote Marc ¦ðŸ˜€."),
        "“ÐŸÑ€Ð¸Ð²ÐµÑ‚” is a garbled “Привет”",
        "“ðŸ˜€” is a garbled “😀”",
    ),
    fault(
        "EDT032",
        summary("Books, ¦films , talks and ¦more ."),
        "a space stands between “films” and the comma",
        "a space stands between “more” and the full stop",
    ),
    sound("EDT032", summary("Vraiment ? Oui ! It runs on .NET, costs .5 and goes on ... or so, …")),
    fault(
        "EDT033",
        swap(PLAN, PREHEADER, "preheader: Trouble reading? ¦View this email in your browser"),
        "“View this email in your browser” tells nothing of what is in the issue",
    ),
    sound("EDT033", swap(PLAN, PREHEADER, "preheader: A view of the border, and how to use a browser safely")),
    fault(
        "EDT034",
        swap(PLAN, SUBJECT, "subject: ¦OUR newsletter, July 2024"),
        "the subject is the title of the issue",
    ),
    sound("EDT034", swap(PLAN, SUBJECT, "subject: Our newsletter of July 2024 brings twelve projects")),
    sound("EDT034", swap(PLAN, "title: Our newsletter – July 2024", f"title: {SUBJECT.removeprefix('subject: ')}")),
    fault(
        "EDT036",
        body("They agreed on:\n¦•\tbooks\n•\tfilms\n\n¦– talks\n– walks\n\n¦o\tone\no\ttwo\n\nAlso:\n¦·music"),
        "the sign “•” makes no list: its lines flow together",
        "the sign “–” makes no list: its lines flow together",
        "the sign “o” makes no list: its lines flow together",
        "the sign “·” makes no list: its lines flow together",
    ),
    sound("EDT036", body("- books\n- films\n\n• one alone\n\n• and another\n\n– a dash\nbegins\n\no que\no quê")),
    sound("EDT036", body("5 · 6\n– 7\n\n`\n• shown\n• as code\n`")),
    fault(
        "SLT001",
        body(
            '¦{{< figure src="wells.jpg" alt="A woman fills a canister at a new well" caption="Twelve villages have\n'
            'drinking water again" width="400" >}}\n\n'
            '¦{% include figure.html path="assets/img/wells/the_new_well_of_the_village.png" class="rounded" %}'
        ),
        'readers would see {{< figure src="wells.jpg" alt="A woman fills a canister at…',
        'readers would see {% include figure.html path="assets/img/wells/the_new_well_…',
    ),
    sound("SLT001", body("Write `{{ name }}`, `*|FNAME|*` or ``{first_name|friend}``, and it is filled in.")),
    fault("SLT001", body("See [more](https://a.example/?n=¦{first_name})."), "readers would see {first_name}"),
    fault("SLT001", body("Write `*|FNAME|*`, dear ¦*|FNAME|*."), "readers would see *|FNAME|*"),
    sound("SLT001", summary("They say so [[1]](https://www.example.org/1) and [[2]][two].")),
    fault(
        "EDT029",
        body("这是¦**“重要”**的事，**重要**的事。\n\nIt was **new,** **»so«**, 2 ** 3 ** 4, and \\*\\*that\\*\\*."),
        "readers would see **“重要”** as it stands",
    ),
    fault("EDT029", body("By ¦$$ a^2 + b^2 $$, for $5 or US$$."), "readers would see $$ a^2 + b^2 $$ as it stands"),
    sound("EDT029", body("You can eat there from $$ to $$$, and around the corner for $$.")),
    fault("EDT029", body("By ¦$E=mc^2$ it\nholds."), "readers would see $E=mc^2$ as it stands"),
    fault("EDT029", body("For an ¦$n$-body of ($p<0.05$)."), "readers would see $n$ as it stands"),
    fault("EDT029", body("It fell by ¦$10^{-3}$."), "readers would see $10^{-3}$ as it stands"),
    fault(
        "EDT029",
        swap(NEWS, "title: Twelve projects begin", r"title: Twelve ¦$\alpha$ projects begin"),
        r"readers would see $\alpha$ as it stands",
    ),
    sound(
        "EDT029",
        body("Between $5 and $10, $5-$10, US$5=A$7, $5 = €4 (US$), $HOME=$PATH, \\$x=1\\$, $ a=1 $ and `$n$`."),
    ),
    sound("EDT029", body("As 2 ** 3 and **bold** are, and 2 ** 3 is.")),
    fault("EDT029", body("By ¦**Friday: **at noon."), "readers would see **Friday: ** as it stands"),
    fault("EDT029", body("It is ¦** new **."), "readers would see ** new ** as it stands"),
    fault("EDT029", body("It is a ¦** new ** well."), "readers would see ** new ** as it stands"),
    sound("EDT029", body("It is **new\nand deep**, and **very *much* so** and **wet**.\n\n- ** One\n- **Two** is it.")),
    fault(
        "EDT029",
        body(
            '¦[gallery ids="1,2"]\n\nIt was ¦<d-cite key="x">said</d-cite> <time>then¦</time>, ¦<ruby>日¦<rt>ni</rt>,'
            " see ¦[[the wells]] and ¦![[wells.png]]."
        ),
        'readers would see [gallery ids="1,2"] as it stands',
        'readers would see <d-cite key="x"> as it stands',
        "readers would see </time> as it stands",
        "readers would see <ruby> as it stands",
        "readers would see <rt> as it stands",
        "readers would see [[the wells]] as it stands",
        "readers would see ![[wells.png]] as it stands",
    ),
    sound(
        "EDT029",
        body(
            "Ask <name>, see [a] [b c] [[1]](https://www.example.org/1), if x <y or z = 3.\n\n"
            "[gallery](https://www.example.org/2)."
        ),
    ),
)
