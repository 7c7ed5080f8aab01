"""What a reader's own copy costs beside a copy of its bytes, and how much memory 100,000 messages take.

`python tests/benchmarks/bench_messages.py`
"""

from __future__ import annotations

import email
import email.policy
import resource
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from newsletter.model.mailing import Recipient
from newsletter.model.slot import Context, Slot
from newsletter.sending.message import prepare
from tests.sending import making as make

READERS = 1000
ROUNDS = 25
MESSAGES = 100_000


def main() -> None:
    """Print the times, and whether the contracts hold."""
    block = '<td style="padding:0 32px;font-family:Georgia">Zwölf Projekte für Grenzgemeinden</td>\n'
    name, leave, view = Slot("first_name", "reader"), Slot("unsubscribe_url"), Slot("view_url")
    html = make.slotted(Context.HTML, "<p>Dear ", name, block * 1000, view, " ", leave, "</p>")
    text = make.slotted(Context.PLAIN, "Dear ", name, "Zwölf Projekte.\n" * 100, leave, "\n")
    edition = make.edition(html=html, text=text)
    message = prepare(edition, make.ENVELOPE, make.NOW)
    readers = [make.ENVELOPE.recipient(f"d{n:027}", f"reader{n}@example.org", "Anna Muster") for n in range(READERS)]
    filled, whole = html.fill(readers[0].values), message.compose(readers[0])
    page, mail = bytearray(filled), bytearray(whole)
    print(f"HTML of {len(filled):,} bytes, messages of {len(whole):,} bytes; times are for {READERS:,} of them")
    best = _best(
        {
            "copying the HTML": lambda: _each(readers, lambda _: bytes(page)),
            "personal HTML": lambda: _each(readers, lambda reader: html.fill(reader.values)),
            "copying the messages": lambda: _each(readers, lambda _: bytes(mail)),
            "complete MIME messages": lambda: _each(readers, message.compose),
        }
    )
    _contract("personal HTML", best["personal HTML"] / best["copying the HTML"], 4)
    _contract("a complete MIME message", best["complete MIME messages"] / best["copying the messages"], 6)
    parsed = email.message_from_bytes(whole, policy=email.policy.default).get_body(("html",))
    same = parsed is not None and parsed.get_payload(decode=True) == filled.replace(b"\n", b"\r\n")
    print(f"decoded, the HTML is {'identical' if same else 'NOT IDENTICAL'}")
    before = _peak()
    for number in range(MESSAGES):
        message.compose(readers[number % READERS])
    print(f"{MESSAGES:,} messages: {_peak():.0f} MB of memory at most, {_peak() - before:.0f} MB more than before them")


def _best(ways: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """Print and return the best seconds of each way: what other work of the machine adds is not theirs."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            begin = time.perf_counter()
            way()
            seconds[name].append(time.perf_counter() - begin)
    for name, values in seconds.items():
        print(f"{name:<30} best {min(values) * 1000:8.3f} ms, median {statistics.median(values) * 1000:8.3f} ms")
    return {name: min(values) for name, values in seconds.items()}


def _each(readers: Sequence[Recipient], make_one: Callable[[Recipient], bytes]) -> None:
    """Make one after the other and keep none, as sending does."""
    for reader in readers:
        make_one(reader)


def _contract(what: str, ratio: float, most: float) -> None:
    print(
        f"{what}: {ratio:.2f} × a memory copy; the contract of {most} × {'holds' if ratio <= most else 'DOES NOT HOLD'}"
    )


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
