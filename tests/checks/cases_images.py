"""Faults of pictures, and what is near to them and none."""

from tests.checks.workspace import NEWS, STUDY, Case, add, block, fault, gif, png, sound, template

HUB = "images/hub.png"
GOOD = "Forty young people around a table"


def image(alt: str | None = GOOD, src: str = HUB, mark: str = "", file: str = NEWS) -> dict[str, str | bytes | None]:
    """Return an entry with a picture; `mark` says which of its fields is marked."""
    lines = ["¦image:" if mark == "image" else "image:"]
    lines.append(f"  src: {'¦' if mark == 'src' else ''}{src}")
    if alt is not None:
        lines.append(f"  alt: {'¦' if mark == 'alt' else ''}{alt}")
    files: dict[str, str | bytes | None] = {**add(file, "\n".join(lines))}
    return files if src.startswith("http") else files | {f"issues/{src}": png()}


def with_picture(data: bytes, name: str = HUB, mark: str = "") -> dict[str, str | bytes | None]:
    """Return the news with a picture of its own."""
    return image(src=name, mark=mark) | {f"issues/{name}": data}


CASES: tuple[Case, ...] = (
    fault(
        "IMG001",
        image(None, mark="image"),
        "the image of “Twelve projects begin in border areas” has no alternative text",
    ),
    sound("IMG001", image('""')),
    fault(
        "IMG002", image("IMG_2041.jpg", mark="alt"), "the alternative text “IMG_2041.jpg” says nothing of what it shows"
    ),
    fault("IMG002", image("Photo", mark="alt"), "the alternative text “Photo” says nothing of what it shows"),
    sound("IMG002", image("Photograph of forty people")),
    fault("IMG003", image("word " * 41 + "end", mark="alt"), "the alternative text has 208 characters, more than 200"),
    sound("IMG003", image()),
    fault(
        "IMG004", image("Twelve projects begin in border areas.", mark="alt"), "the alternative text repeats the title"
    ),
    sound("IMG004", image()),
    fault(
        "IMG005",
        image('""', file=STUDY, mark="alt") | template("templates/layouts/cards.mjml.j2", " and shown.alt", ""),
        "the image of “What changed in asylum law” is marked as decoration, but it is a link",
    ),
    sound("IMG005", image('""', file=STUDY)),
    fault(
        "IMG006",
        with_picture(png(300, 200), mark="src"),
        "the image is 300 × 200 pixels; it needs a width of at least 480",
    ),
    sound("IMG006", image()),
    fault("IMG007", with_picture(png(600, 1500), mark="src"), "the image is tall and narrow: 600 × 1500 pixels"),
    sound("IMG007", image()),
    fault(
        "IMG008",
        with_picture(gif(blank_first=False, width=900, height=900, noise=True), "images/hub.gif", mark="src"),
        "the animated image weighs 2.2 MB, more than 0.5",
    ),
    sound("IMG008", with_picture(gif(blank_first=False), "images/hub.gif")),
    fault(
        "IMG009", image(src="https://www.example.org/logo.svg?v=2", mark="src"), "SVG is not shown by every mail client"
    ),
    sound("IMG009", image(src="https://www.example.org/svg.png")),
    fault(
        "IMG010",
        with_picture(gif(blank_first=True), "images/hub.gif", mark="src"),
        "the first of 2 frames of the image is empty",
    ),
    sound("IMG010", with_picture(gif(blank_first=False), "images/hub.gif")),
    fault(
        "IMG011",
        {
            NEWS: "---\ntitle: Forum in spring\ndate: 2024-07-26\nsummary: See the picture.\n"
            f"image:\n  src: ¦images/forum-flyer.png\n  alt: {GOOD}\n---\n",
            "issues/images/forum-flyer.png": png(),
        },
        "the image seems to be a flyer, and the entry says only 3 words beside it",
    ),
    sound("IMG011", image(src="images/forum-flyer.png")),
    fault(
        "IMG012", image(src="http://www.example.org/a.png", mark="src"), "http://www.example.org/a.png is not encrypted"
    ),
    sound("IMG012", image(src="https://www.example.org/a.png")),
    fault(
        "IMG013",
        image(src="https://scontent.xx.fbcdn.net/v/1.jpg", mark="src"),
        "the image lies on a service that shows it for a while, or to you alone",
    ),
    sound("IMG013", image(src="https://www.example.org/a.png")),
    fault(
        "IMG014",
        {**image(file=STUDY), **image(mark="src")},
        "images/hub.png is also the picture of report",
    ),
    sound("IMG014", {**image(file=STUDY), **image(src="images/other.png")}),
    fault(
        "IMG015",
        block('<p>A sign: ¦<img src="https://www.example.org/a.png" alt="A sign"></p>'),
        "a picture has no `width`",
    ),
    sound("IMG015", block('<p>A sign: <img src="https://www.example.org/a.png" alt="A sign" width="40"></p>')),
    fault(
        "IMG016",
        with_picture(gif(blank_first=False, form="WEBP"), "images/hub.webp", mark="src"),
        "the 2 frames of the image, a WEBP, stand still: the first is all that shows",
    ),
    fault(
        "IMG016",
        with_picture(gif(blank_first=False, form="PNG"), mark="src"),
        "the 2 frames of the image, a PNG, stand still: the first is all that shows",
    ),
    sound("IMG016", with_picture(gif(blank_first=False), "images/hub.gif")),
)
