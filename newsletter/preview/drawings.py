"""Pages that are drawn around an edition: its row in an inbox, and its plain text."""

from __future__ import annotations

from datetime import datetime
from html import escape

_PAGE = """<!doctype html><html lang="{language}" dir="{direction}"><head><meta charset="utf-8"><meta name="viewport"
content="width=device-width"><title>{title}</title><style>{style}</style></head><body>{body}</body></html>"""

_TEXT_STYLE = """
body{margin:0;background:#fff;color:#1d2228}
pre{margin:0;padding:36px 40px 44px;font:14px/22px 'Liberation Mono',Menlo,Consolas,monospace;white-space:pre-wrap;
overflow-wrap:anywhere}
"""

_INBOX_STYLE = """
*{box-sizing:border-box}
body{margin:0;background:#fff;color:#15181c;font:15px/21px -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif}
section{padding:18px 0 22px}
.night{background:#000;color:#f2f3f5}
h2{margin:0 18px 12px;font-size:26px;line-height:32px;letter-spacing:-.3px}
.row{display:grid;grid-template-columns:10px 40px minmax(0,1fr);gap:0 10px;padding:13px 18px 13px 8px;
border-top:1px solid #e7e9ec}
.night .row{border-color:#26282c}
.row:last-child{border-bottom:1px solid #e7e9ec}.night .row:last-child{border-color:#26282c}
.new{width:8px;height:8px;margin:16px 0 0 2px;border-radius:50%;background:#0a72e8}
.face{width:40px;height:40px;border-radius:50%;background:#e3e9f0;color:#2b3f55;font-weight:700;font-size:17px;
line-height:40px;text-align:center}
.night .face{background:#2a3542;color:#cfdceb}
.who{display:flex;gap:8px}.who b{flex:1;overflow:hidden;white-space:nowrap;text-overflow:ellipsis;font-size:16px}
.who span,.say{color:#62686f}.night .who span,.night .say{color:#9aa1a9}
.about{overflow:hidden;white-space:nowrap;text-overflow:ellipsis}
.say{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2;overflow:hidden;font-size:14px;line-height:19px}
.other i{display:block;height:11px;margin:5px 0 6px;border-radius:6px;background:#eceef1}
.night .other i{background:#1d1f23}.other .face{background:#eceef1}.night .other .face{background:#1d1f23}
"""

_OTHER = """<div class="row other"><span></span><span class="face"></span><div><i style="width:{0}%"></i>
<i style="width:{1}%"></i><i style="width:{2}%"></i></div></div>"""


def plain_text(text: str, language: str, direction: str) -> str:
    """Return a page that shows a text part as mail programs without HTML do."""
    body = f"<pre>{escape(text)}</pre>"
    return _PAGE.format(
        language=escape(language), direction=direction, title="Plain text", style=_TEXT_STYLE, body=body
    )


def inbox(sender: str, subject: str, preheader: str, sent: datetime, direction: str) -> str:
    """Return a page that shows the message in a phone's list, by day and by night; its neighbours are mere shapes."""
    row = (
        '<div class="row"><span class="new"></span><span class="face" dir="auto">{initial}</span><div><div class="who">'
        '<b dir="auto">{sender}</b><span>{time}</span></div><div class="about" dir="auto">{subject}</div>'
        '<div class="say" dir="auto">{preheader}</div></div></div>'
    ).format(
        initial=escape(next((letter for letter in sender if letter.isalnum()), "")),
        sender=escape(sender),
        time=f"{sent:%H:%M}",
        subject=escape(subject),
        preheader=escape(preheader),
    )
    rows = row + _OTHER.format(46, 82, 64) + _OTHER.format(34, 70, 88)
    body = f'<section><h2>Inbox</h2>{rows}</section><section class="night"><h2>Inbox</h2>{rows}</section>'
    return _PAGE.format(language="en", direction=direction, title="Inbox", style=_INBOX_STYLE, body=body)
