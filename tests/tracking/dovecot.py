"""A real IMAP server on loopback, over a maildir."""

from __future__ import annotations

import getpass
import grp
import mailbox
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

_NOBODY = 65534
CONFIGURATION = """
protocols = imap
listen = 127.0.0.1
base_dir = {run}/run
state_dir = {run}/state
log_path = {run}/log
ssl = no
disable_plaintext_auth = no
{users}
first_valid_uid = 0
first_valid_gid = 0
mail_location = maildir:{run}/mail
service imap-login {{
  {chroot}
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  {chroot}
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={run}
}}
"""


@contextmanager
def serving(mails: Sequence[bytes], *, password: str = "secret", folder: str = "") -> Iterator[tuple[int, Path]]:
    """Serve a maildir with these mails, in its inbox or in a folder; all have one password. Give port and path.

    A folder is named as IMAP writes it.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # Its own users must get at it, and paths of sockets must be short.
    run = Path(tempfile.mkdtemp())
    run.chmod(0o755)
    box = mailbox.Maildir(run / "mail")
    if folder:
        box = box.add_folder(folder)
    for mail in mails:
        box.add(mail)
    uid, gid, users, chroot = os.getuid(), os.getgid(), "", ""
    if uid:
        name, group = getpass.getuser(), grp.getgrgid(gid).gr_name
        users = f"default_internal_user = {name}\ndefault_login_user = {name}\ndefault_internal_group = {group}"
        chroot = "chroot ="
    else:
        # It serves no mail of root's, and changes to the users that its package has made by itself.
        uid = gid = _NOBODY
        for path in (run / "mail", *(run / "mail").rglob("*")):
            os.chown(path, uid, gid)
    file = run / "dovecot.conf"
    file.write_text(
        CONFIGURATION.format(run=run, port=port, uid=uid, gid=gid, users=users, chroot=chroot, password=password)
    )
    process = subprocess.Popen([str(shutil.which("dovecot") or "/usr/sbin/dovecot"), "-F", "-c", str(file)])
    try:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and process.poll() is None:
            with socket.socket() as connection:
                if connection.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield port, run / "mail"
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(run)


def is_installed() -> bool:
    """Whether there is a Dovecot on this machine."""
    return shutil.which("dovecot") is not None or Path("/usr/sbin/dovecot").exists()
