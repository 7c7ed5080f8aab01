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
{version}
protocols = imap
listen = 127.0.0.1
base_dir = {run}/run
state_dir = {run}/state
log_path = {run}/log
ssl = no
{users}
first_valid_uid = 0
first_valid_gid = 0
# Whoever gives a wrong password need not wait, and neither need those after them.
auth_failure_delay = 0
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
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
{mailbox}
"""
BEFORE_2_4 = """
disable_plaintext_auth = no
mail_location = maildir:{run}/mail
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={run}
}}
"""
SINCE_2_4 = """
auth_allow_cleartext = yes
mail_driver = maildir
mail_path = {run}/mail
mailbox_list_utf8 = no
passdb static {{
  password = {password}
}}
userdb static {{
  fields {{
    uid = {uid}
    gid = {gid}
    home = {run}
  }}
}}
"""
"""What its settings are called now: https://doc.dovecot.org/2.4.0/installation/upgrade/2.3-to-2.4.html"""


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
    program = str(shutil.which("dovecot") or "/usr/sbin/dovecot")
    told = subprocess.run([program, "--version"], capture_output=True, check=True, text=True).stdout
    since_2_4 = tuple(int(part) for part in told.split()[0].split(".")[:2]) >= (2, 4)
    version = "dovecot_config_version = 2.4.0\ndovecot_storage_version = 2.4.0" if since_2_4 else ""
    box_of = (SINCE_2_4 if since_2_4 else BEFORE_2_4).format(run=run, uid=uid, gid=gid, password=password)
    file = run / "dovecot.conf"
    file.write_text(
        CONFIGURATION.format(version=version, run=run, port=port, users=users, chroot=chroot, mailbox=box_of)
    )
    process = subprocess.Popen([program, "-F", "-c", str(file)])
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
