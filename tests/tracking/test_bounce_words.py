"""What is wrong with an address, by the words and codes of servers."""

from __future__ import annotations

import pytest

from newsletter.model.verp import bounce_address
from tests.tracking.reports import TOKEN, report, told

# As the largest providers of mailboxes and filters write, by their own help pages and what senders quote of them.
PROVIDERS = [
    # Gmail
    ("5.1.1", "550-5.1.1 The email account that you tried to reach does not exist.", "hard"),
    ("5.2.1", "550-5.2.1 The email account that you tried to reach is inactive.", "hard"),
    ("5.2.1", "550-5.2.1 The user you are trying to contact is receiving mail at a rate that prevents more", "soft"),
    ("5.2.2", "552-5.2.2 The email account that you tried to reach is over quota.", "soft"),
    ("4.7.28", "421-4.7.28 Gmail has detected an unusual rate of unsolicited mail", "block"),
    ("4.7.0", "421-4.7.0 This message does not pass authentication checks", "block"),
    ("5.7.26", "550-5.7.26 This mail has been blocked because the sender is unauthenticated.", "block"),
    ("5.2.1", "550-5.2.1 The user is receiving mail at a rate that 550-5.2.1 prevents additional messages", "soft"),
    ("5.2.1", "550-5.2.1 The user you are trying to contact is receiving mail too quickly", "soft"),
    ("5.0.0", "The group may not exist, or you may not have permission to post messages to the group.", "block"),
    ("5.0.0", "このグループやその他の Google グループについては https://groups.google.com/support/ から", "block"),
    # Microsoft
    ("5.5.0", "550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302).", "hard"),
    ("5.7.1", "550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. (S3140)", "block"),
    ("5.4.1", "550 5.4.1 Recipient address rejected: Access denied. [AM0EUR02FT006]", "hard"),
    ("5.4.310", "550 5.4.310 DNS domain example.org does not exist", "hard"),
    ("5.4.300", "550 5.4.300 Message expired -> 451 4.7.500 Server busy", "soft"),
    ("5.2.122", "554 5.2.122 The recipient has exceeded their limit for the number of messages per hour", "soft"),
    ("5.2.121", "550 5.2.121 Recipient's per hour message receive limit from specific sender exceeded", "soft"),
    ("5.0.350", "550 5.0.350 Remote server returned an error -> 554 blocked using a block list", "block"),
    ("5.4.4", "554 5.4.4 SMTPSEND.DNS.MxLoopback; DNS records for this domain are configured in a loop", "soft"),
    ("5.2.0", "554 5.2.0 STOREDRV.Deliver.Exception:StorageTransientException; Failed to process message", "soft"),
    ("5.2.1", "554 5.2.1 mailbox disabled; STOREDRV.Deliver.Exception:AccountDisabledException", "hard"),
    ("5.2.0", "550 5.2.0 RESOLVER.ADR.BadPrimary; recipient primary SMTP address is missing or invalid", "soft"),
    # Yahoo
    ("5.2.1", "521 5.2.1 :  AOL will not accept delivery of this message.", "block"),
    ("5.0.0", "554 delivery error: dd Not a valid recipient - atlas123.mail.bf1.yahoo.com", "hard"),
    ("5.0.0", "554 delivery error: dd This user doesn't have a yahoo.com account (a@yahoo.com) [0]", "hard"),
    ("5.0.0", "552 1 Requested mail action aborted, mailbox not found", "hard"),
    ("5.0.0", "554 30 Sorry, your message cannot be delivered. This mailbox is disabled (554.30).", "hard"),
    ("4.7.0", "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to user complaints", "block"),
    ("5.0.0", "553 Mail from 192.0.2.1 not allowed - 5.0.0 [TSS09]", "block"),
    ("5.7.9", "554 5.7.9 Message not accepted for policy reasons.", "block"),
    # Apple
    ("5.2.2", "552 5.2.2 <a@icloud.com>: user is over quota", "soft"),
    ("5.7.1", "554 5.7.1 [HM08] Message rejected due to local policy.", "block"),
    ("5.0.0", "550 [CS01] Message rejected due to local policy.", "block"),
    # GMX and Web.de
    ("5.0.0", "550 Requested action not taken: mailbox unavailable", "hard"),
    ("5.0.0", "554 Transaction failed - Reject due to policy restrictions.", "block"),
    ("5.0.0", "554 No SMTP service - Bad DNS PTR resource record.", "block"),
    ("5.0.0", "554 Transaction failed, IP address is black listed.", "block"),
    ("5.0.0", "550-Requested action not taken: mailbox unavailable 550 invalid DNS MX or A/AAAA record", "block"),
    # NetEase
    ("5.0.0", "550 MI:IMF 163 mx9,EMCowABX2 1580000000 http://mail.163.com/help/help_spam_16.htm", "block"),
    ("5.0.0", "550 RP:QRC 126 mx2", "block"),
    # AT&T, Cox, Orange
    ("5.3.0", "553 5.3.0 flph829 DNSBL:RBL 521< 192.0.2.1 >_is_blocked.", "block"),
    ("5.1.0", "550 5.1.0 <news@example.org> sender rejected AUP#SNDR", "block"),
    ("5.2.0", "550 5.2.0 Mail rejete. Mail rejected. ofr_506 [506]", "block"),
    # Mimecast, Proofpoint, Barracuda
    ("5.0.0", "550 Rejected by header based Anti-Spoofing policy: https://community.mimecast.com", "block"),
    ("5.0.0", "550 Administrative prohibition - envelope blocked", "block"),
    ("5.0.0", "550 Invalid Recipient - https://community.mimecast.com/docs/DOC-1369#550", "hard"),
    ("5.0.0", "554 Email rejected due to security policies", "block"),
    ("5.0.0", "554 Blocked - see https://ipcheck.proofpoint.com/?ip=192.0.2.1", "block"),
    ("5.0.0", "550 permanent failure for one or more recipients (a@example.org:blocked)", "block"),
    # MailMarshal, filters that ask back, and a limit by which web.de counts messages
    ("5.0.0", "550 Message refused by MailMarshal SpamProfiler", "block"),
    ("5.0.0", "550 Spamming not allowed", "block"),
    ("5.0.0", "550 192.0.2.1 is not allowed to send mail from example.org", "block"),
    ("5.0.0", "550 Your server requires confirmation. Visit https://host.example/Whitelist.aspx", "block"),
    ("5.0.0", "550 <a@web.de> Benutzer hat zuviele Mails auf dem Server. / User has too many messages", "soft"),
    ("5.0.0", "534 SIZE=Message too big. (in reply to MAIL FROM command)", "block"),
    ("5.0.0", "550 5.0.0 mailbox temporarily unavailable", "soft"),
    ("5.0.0", "552 Mail size limit exceeded.", "block"),
    # Names are no reasons, and have dots
    ("5.0.0", "550 <no.spam@policy.example.org>: user unknown", "hard"),
    ("5.0.0", "554 Recipient <a.b@mail.example.org> does not exist", "hard"),
    # Postfix, where somebody has refused an address by hand
    ("5.7.1", "554 5.7.1 <a@example.org>: Recipient address rejected: User unknown", "hard"),
    ("5.7.1", "554 5.7.1 <news@example.org>: Sender address rejected: User unknown", "block"),
    ("5.7.1", "554 5.7.1 <a@example.org>: Relay access denied", "block"),
    # What is not found is the sender's server, address or domain
    ("5.7.1", "550 5.7.1 <mail.example.net>: Helo command rejected: Host not found", "block"),
    ("5.0.0", "550 <mail.example.net>: Helo command rejected: Host not found", "block"),
    ("5.0.0", "550 Client host rejected: domain not found", "block"),
    ("5.7.1", "550 5.7.1 Unknown host: no reverse name for 192.0.2.1", "block"),
    ("5.7.0", "550 5.7.0 DMARC: domain does not exist", "block"),
    ("5.7.1", "554 5.7.1 Link in the text leads to a host not found", "block"),
    ("5.7.1", "550 5.7.1 Your email address is not found in the list of allowed senders", "block"),
    ("5.7.1", "550 5.7.1 Your account has been disabled", "block"),
    ("5.7.1", "550 5.7.1 Return address does not exist", "block"),
    ("5.7.1", "550 5.7.1 invalid mailbox in header", "block"),
    ("5.7.1", "550 5.7.1 This account is not active without authentication", "block"),
    ("5.0.0", "550 User unknown (spf.example.org)", "hard"),
    # Servers that are down or wrongly set up, and commands that they do not take
    ("5.3.2", "521 5.3.2 system not accepting network messages", "soft"),
    ("5.3.5", "554 5.3.5 Local configuration error", "soft"),
    ("5.5.1", "503 5.5.1 bad sequence of commands", "soft"),
    ("5.5.2", "500 5.5.2 syntax error", "soft"),
    ("5.5.1", "550 5.5.1 Invalid recipient", "hard"),
    # Sendmail's codes for 550, 551 and 553 to a recipient, whatever the words
    ("5.1.1", "550 User unknown", "hard"),
    ("5.1.1", "550 Service unavailable; client host [192.0.2.1] is on a blocklist", "block"),
    ("5.1.1", "550 RCPT TO:<a@example.org> max message size exceeded", "block"),
    ("5.1.1", "550 Greylisted, please try again later", "soft"),
    ("5.1.3", "553 The recipient's mailbox is full", "soft"),
    ("5.1.6", "551 not our customer", "hard"),
    ("5.1.1", "550 5.1.1 User unknown, see our policy", "hard"),
    # Against the sender, its server, what it sends and how much
    ("5.0.0", "550 Client host rejected: cannot find your hostname", "block"),
    ("5.0.0", "550 Sender verify failed", "block"),
    ("5.0.0", "550 Domain of sender address does not exist", "block"),
    ("5.0.0", "550 SPF check: fail", "block"),
    ("5.0.0", "550 no PTR record found", "block"),
    ("5.0.0", "550 192.0.2.1 is listed at bl.example.net", "block"),
    ("5.0.0", "550 Virus detected", "block"),
    ("5.0.0", "550 we do not accept attachments", "block"),
    ("5.0.0", "550 Message refused", "block"),
    ("5.0.0", "550 Too many connections from your host", "block"),
    ("5.0.0", "550 Too many invalid recipients", "block"),
    ("5.0.0", "550 Authentication required", "block"),
    ("5.0.0", "550 You are not subscribed, this is a members-only list", "block"),
    ("5.0.0", "553 This route requires encryption (TLS)", "block"),
    ("5.2.1", "550 5.2.1 Mailbox unavailable. Your IP address is blacklisted", "block"),
    ("5.1.90", "550 5.1.90 You've reached your daily limit for message recipients", "block"),
    ("5.0.0", "550 SC-001 Unfortunately, messages from 192.0.2.1 weren't sent", "block"),
    ("5.0.0", "550 Access denied - Invalid HELO name", "block"),
    ("5.0.0", "550 Mailbox unavailable or access denied", "hard"),
    ("5.9.8", "5.9.8 Spam", "block"),
    ("5.0.0", "553 Mail data refused by AISP, rule [169648].", "block"),
    ("5.0.0", "553 User refused to receive this mail.", "block"),
    ("5.0.0", "550 sorry, it seems as a junk mail", "block"),
    ("5.0.0", "550 has no corresponding reverse (PTR) address", "block"),
    ("5.0.0", "550 The corresponding forward DNS entry does not point to the sending IP", "block"),
    ("5.0.0", "550 Domain example.net mismatches client IP", "block"),
    ("5.0.0", "550 Unresolvable relay host name", "block"),
    ("5.0.0", "550 Cannot resolve your address.", "block"),
    ("5.0.0", "550 You are not allowed to connect", "block"),
    ("5.0.0", "550 STARTTLS is required to send mail", "block"),
    ("5.0.0", "550 Trop de connexions", "block"),
    ("5.0.0", "550 The message is not RFC 5322 compliant", "block"),
    ("5.0.0", "550 Messages with multiple From headers cannot be taken", "block"),
    ("5.0.0", "550 Protocol violation", "block"),
    ("5.0.0", "550 this server does not accept mail from you", "block"),
    ("5.0.0", "550 Invalid IP for sending mail of domain example.org", "block"),
    ("5.0.0", "550 no access from mail server mx.example.net", "block"),
    ("5.0.0", "550 can't determine Purported Responsible Address", "block"),
    ("5.0.0", "550 Please visit https://host.example to confirm this mail server", "block"),
    ("5.0.0", "550 BadSenderMX", "block"),
    ("5.0.0", "550 SenderNoA", "block"),
    ("5.0.0", "550 Not a valid sender", "block"),
    ("5.0.0", "550 Message denied", "block"),
    ("5.0.0", "550 a@example.org does not accept mail any more", "hard"),
    ("5.5.0", "503 5.5.0 <DATA>: Data command rejected: Improper use of SMTP command pipelining", "block"),
    ("5.0.0", "550 Message headers fail syntax check", "block"),
    ("5.0.0", "550 maximum allowed line length is 998 octets, got 1500", "block"),
    ("5.0.0", "550 message has lines too long for transport", "block"),
    ("5.0.0", "550 HELO argument does not match calling host", "block"),
    ("5.0.0", "550 Refused due to recipient preferences", "block"),
    ("5.0.0", "550 Exceeds the permitted message size", "block"),
    ("5.0.0", "550 Sender does not exist", "block"),
    # Tencent, Zoho, Orange, Boxbe
    ("5.0.0", "550 Ip frequency limited", "block"),
    ("5.4.1", "541 5.4.1 Mail rejected by destination domain", "block"),
    ("5.0.0", "550 Service refuse. Veuillez essayer plus tard. OFR006_103 [103]", "block"),
    ("5.0.0", "550 Adresse d au moins un destinataire invalide. Invalid recipient. OFR_416 [416]", "hard"),
    ("5.1.1", "552 5.1.1 Boite du destinataire pleine. Recipient overquota. OFR_417 [417]", "soft"),
    # No such reader, in other words
    ("5.7.1", "550 5.7.1 No mailbox found", "hard"),
    ("5.7.1", "550 5.7.1 Account disabled temporarily", "block"),
    ("5.7.1", "550 5.7.1 Account disabled for it is over quota", "block"),
    ("5.7.17", "550 sorry, no mailbox here by that name. (#5.7.17)", "hard"),
    ("5.0.0", "554 Rcpt <a@example.org> does not exist", "hard"),
    ("5.0.0", "554 delivery error: dd a@yahoo.com is no longer valid.", "hard"),
    ("5.0.0", "554 User a (a@example.org) not listed in Domino Directory", "hard"),
    ("5.0.0", "550 User unknown in relay recipient table", "hard"),
    ("5.0.0", "554 Empfaenger unbekannt", "hard"),
    ("5.0.0", "554 El usuario no existe", "hard"),
    ("5.0.0", "554 Пользователь не найден", "hard"),
    ("5.0.0", "554 用户不存在", "hard"),
    ("5.0.0", "554 Unknown host", "hard"),
    ("5.0.0", "554 account expired", "hard"),
    ("5.0.0", "554 The destination addresses were unknown", "hard"),
    ("5.0.0", "554 No existe ese usuario", "hard"),
    ("5.0.0", "554 Nessun utente simile in questo indirizzo", "hard"),
    ("5.0.0", "554 unrecognized recipient", "hard"),
    ("5.0.0", "554 Adressat unbekannt", "hard"),
    # An address that leads to several, or nowhere
    ("5.2.4", "550 5.2.4 mailing list expansion problem", "soft"),
    ("5.2.14", "550 5.2.14 misconfigured forwarding address", "soft"),
    # On the way, and out of order
    ("5.0.0", "550 Relaying denied", "soft"),
    ("5.0.0", "554 <a@example.org>: Relay access denied", "soft"),
    ("5.0.0", "mail for example.org loops back to myself", "soft"),
    ("5.0.0", "Name service error for name=example.org type=MX: Malformed name server reply", "soft"),
    ("5.0.0", "550 Host not found, try again", "soft"),
    ("5.0.0", "550 retry time not reached for any host after a long failure period", "soft"),
    ("5.0.0", "550 mail system configuration error", "soft"),
    ("5.4.1", "550 5.4.1 no answer from host", "soft"),
    ("5.0.0", "550 relaying to <a@example.org> prohibited by administrator", "soft"),
    ("5.0.0", "550 relaying mail to example.org is not allowed", "soft"),
    ("5.0.0", "550 we don't handle mail for example.org", "soft"),
    ("5.0.0", "550 relay.example.org does not know anybody of this name", "hard"),
    ("5.0.0", "550 5.0.0 <a@example.org>... Can't create output", "soft"),
    ("5.0.0", "550 5.0.0 <a@example.org>... Insufficient permission", "soft"),
    ("5.0.0", "550 MX list for example.org points back to mx.example.net", "soft"),
    ("5.0.0", "lowest numbered MX record points to local host", "soft"),
    ("5.0.0", "550 maximum hop count exceeded", "soft"),
    ("5.0.0", "Envelope expired", "soft"),
    ("5.0.0", "The recipient server did not accept our requests to connect. [192.0.2.1: socket error]", "soft"),
    ("5.0.0", "550 Message was not delivered within 1 day", "soft"),
    ("5.0.0", "550 It has not been collected after 7 days", "soft"),
    ("5.0.0", "550 Could not be delivered for 5 days", "soft"),
    ("5.0.0", "550 Frozen on arrival", "soft"),
    ("5.4.4", "Name service error for name=example.org type=MX: Malformed or unexpected name server reply", "soft"),
    ("5.4.4", "Host or domain name not found. Name service error for name=example.org type=MX: Host not found", "hard"),
    ("5.4.4", "550 5.4.4 unable to route: no mail hosts for domain", "hard"),
    ("5.0.0", "Recipient user name anna not unique. Several matches found in Domino Directory.", "soft"),
    ("5.0.0", "It encountered an error while being processed", "soft"),
    # Full, in other words
    ("5.0.0", "550 Mailbox for user anna is full", "soft"),
    ("5.0.0", "550 no space left for this user", "soft"),
    ("5.0.0", "cannot append message to destination file /var/mail/a: error writing message: File too large", "soft"),
    ("5.0.0", "550 Not enough storage space in user's mailbox", "soft"),
    ("5.0.0", "550 Mailbox size limit exceeded", "soft"),
    ("5.0.0", "553 Das Postfach ist voll", "soft"),
    ("5.0.0", "550 Почтовый ящик переполнен", "soft"),
    ("5.2.3", "Sorry, the user's maildir has overdrawn his diskspace quota", "soft"),
    # Full and slow servers, and loops
    ("5.3.1", "550 5.3.1 mail system full", "soft"),
    ("5.4.7", "550 5.4.7 delivery time expired", "soft"),
    ("5.4.6", "554 5.4.6 too many hops", "soft"),
    ("4.4.7", "421 4.4.7 expired: 421 [TSS04] Messages deferred", "block"),
    ("4.2.2", "452 4.2.2 over quota, see the policy", "soft"),
]


@pytest.mark.parametrize(
    ("status", "said", "bounce"),
    [
        ("5.1.1", "550 5.1.1 no such user", "hard"),
        ("5.0.0", "550 5.1.10 RESOLVER.ADR.RecipientNotFound", "hard"),
        ("5.0.0", "550 unknown user", "hard"),
        ("5.0.0", "550 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org", "block"),
        ("5.0.0", "550 mailbox full", "soft"),
        ("5.2.1", "550 5.2.1 disabled", "hard"),
        ("5.2.2", "552 5.2.2 over quota", "soft"),
        ("5.0.0", "552 over quota", "soft"),
        ("4.4.7", "451 4.4.7 retry timeout exceeded", "soft"),
        ("5.7.1", "550 5.7.1 rejected as spam", "block"),
        ("5.0.0", "550 5.7.26 unauthenticated", "block"),
        ("5.1.8", "553 5.1.8 sender's domain does not exist", "block"),
        ("5.3.4", "552 5.3.4 too big", "block"),
        ("5.6.0", "554 5.6.0 content", "block"),
        *PROVIDERS,
    ],
)
def test_a_report_says_what_is_wrong_with_whom(status: str, said: str, bounce: str) -> None:
    """A policy, the sender or the message at fault is no dead address; the more precise code counts."""
    found = told(report(status=status, said=said))
    assert found
    assert found[:2] == ("bounced", bounce)


@pytest.mark.parametrize(
    ("said", "bounce"),
    [
        # CommuniGate Pro
        ("LOCAL module(account a) reports:\n account is full (quota exceeded)", "soft"),
        # Ipswitch IMail and others that write before the parts
        ("This mail message has exceeded the maximum incoming message size.", "block"),
        ("Subject: A new policy on quota\n\nYour message was not delivered.", "hard"),
    ],
)
def test_a_report_without_a_reason_has_one_for_people(said: str, bounce: str) -> None:
    """The first part says it, and what it repeats of our own message does not count."""
    content = report(status="5.0.0").replace(b"Diagnostic-Code: smtp; 550 5.1.1 no such user\n", b"")
    found = told(content.replace(b"This is the mail system at host mx.example.net.", said.encode()))
    assert found == ("bounced", bounce, "5.0.0")


@pytest.mark.parametrize(
    ("when", "said", "bounce"),
    [
        ("(in reply to end of DATA command)", "550 Sorry, we want nothing of the kind", "block"),
        ("(in reply to end of DATA command)", "554 Transaction failed", "block"),
        ("(in reply to MAIL FROM command)", "553 Nobody here knows you", "block"),
        ("(in reply to end of DATA command)", "554 This user doesn't have an example.org account", "hard"),
        ("(in reply to end of DATA command)", "552 over quota", "soft"),
        ("(in reply to RCPT TO command)", "550 Sorry, we want nothing of the kind", "hard"),
        ("SMTP error from remote mail server after end of data:", "550 Not here", "block"),
        ("SMTP error from remote mail server after RCPT TO:<a@example.org>:", "550 Not here", "hard"),
    ],
)
def test_a_server_that_has_the_message_objects_to_the_message(when: str, said: str, bounce: str) -> None:
    """Who does not know a reader says so when it is named; Postfix and Exim tell people when a server replied."""
    content = report(status="5.0.0", said=said)
    found = told(content.replace(b"This is the mail system", f"{said} {when}\nThis is the mail system".encode()))
    assert found
    assert found[:2] == ("bounced", bounce)


QMAIL = """\
From: MAILER-DAEMON@mx.example.net
To: {to}
Subject: failure notice

Hi. This is the qmail-send program at mx.example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<anna@example.org>:
{said}

--- Below this line is a copy of the message.

Return-Path: <{to}>
Subject: A policy on spam, quotas and blocked routes

News
"""


@pytest.mark.parametrize(
    ("said", "bounce"),
    [
        ("192.0.2.1 does not like recipient. Giving up.", "hard"),
        ("The e-mail message could not be delivered because the user's mailfolder is full.", "soft"),
        ("192.0.2.1 failed after I sent the message. Remote host said: 554 Message is too large", "block"),
        ("This message is looping: it already has my Delivered-To line.", "soft"),
        ("They are not accepting mail from news@example.org", "block"),
        ("192.0.2.1 failed after I sent the message. Remote host said: 550 No", "block"),
        ("SMTP error from remote mail server after RCPT TO:<anna@example.org>: 550 5.7.1 No such user!", "hard"),
        ("TEMP_FAILURE: Could not initiate SMTP conversation with any hosts", "soft"),
        ("Connection was dropped by remote host.", "soft"),
        ("all hosts have been failing for a long time and were last tried after this message arrived", "soft"),
        ("Message rejected. Not enough storage space in user's mailbox to accept message.", "soft"),
    ],
)
def test_the_words_of_our_own_message_are_not_the_servers(said: str, bounce: str) -> None:
    """Qmail returns the message in the same text; an issue about policies made a block of every dead address."""
    found = told(QMAIL.format(to=bounce_address("bounce@news.example.org", TOKEN), said=said).encode())
    assert found
    assert found[:2] == ("bounced", bounce)


@pytest.mark.parametrize(
    ("said", "bounce"),
    [
        ("553 Sender Policy Framework (SPF) fail", "block"),
        ("552 5.2.2 Over quota", "soft"),
        ("550 5.1.1 <anna@example.org>... User unknown", "hard"),
    ],
)
def test_what_the_other_server_said_counts_for_more_than_the_code_of_sendmail(said: str, bounce: str) -> None:
    """Whatever the other server has against a message, Sendmail writes below that it does not know the user."""
    transcript = f"""\
   ----- The following addresses had permanent fatal errors -----
<anna@example.org>
    (reason: {said})

   ----- Transcript of session follows -----
... while talking to mx.example.org.:
>>> DATA
<<< {said}
550 5.1.1 <anna@example.org>... User unknown

   ----- Message header follows -----

Return-Path: <news@example.org>
"""
    head = f"From: MAILER-DAEMON@mx.example.net\nTo: {bounce_address('bounce@news.example.org', TOKEN)}\n\n"
    found = told((head + transcript).encode())
    assert found
    assert found[:2] == ("bounced", bounce)
