"""Settings of mail. The password is none of them: it comes from the environment or a file, never from the database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine.language.sentence import Words
from engine.service.setting_value import Email, Host, OneOf, Setting, Text, TimeOfDay, Whole, YesNo

MAIL_ON: Final = "mail_on"
MAIL_HOST: Final = "mail_host"
MAIL_PORT: Final = "mail_port"
MAIL_ENCRYPTION: Final = "mail_encryption"
MAIL_CA_FILE: Final = "mail_ca_file"
MAIL_LOGIN: Final = "mail_login"
MAIL_FROM: Final = "mail_from"
MAIL_REPLY_TO: Final = "mail_reply_to"
MAIL_DIGEST: Final = "mail_digest"
MAIL_DIGEST_AT: Final = "mail_digest_at"
MAIL_LANGUAGE: Final = "mail_language"
MAIL_DAYS: Final = "mail_days"

MAIL: Final[Mapping[str, Setting]] = {
    MAIL_ON: Setting(
        Words("Om meddelanden skickas med e-post", "Whether messages are sent by mail"),
        YesNo(),
        "no",
        Words(
            "Skickas av hjul tick. Pröva först med hjul settings test-mail.",
            "Sent by hjul tick. Try first with hjul settings test-mail.",
        ),
    ),
    MAIL_HOST: Setting(Words("E-postservern", "The mail server"), Host(), ""),
    MAIL_PORT: Setting(
        Words("E-postserverns port", "The port of the mail server"),
        Whole(1, 65535, Words("portens nummer", "the number of the port")),
        "587",
    ),
    MAIL_ENCRYPTION: Setting(
        Words(
            "Hur förbindelsen med e-postservern skyddas: starttls, tls från början, eller inte alls (none)",
            "How the connection with the mail server is kept safe: starttls, tls from the start, or not at all (none)",
        ),
        OneOf(("starttls", "tls", "none")),
        "starttls",
        Words(
            "none går bara med en server på samma dator (localhost).",
            "none works with a server on the same machine only (localhost).",
        ),
    ),
    MAIL_CA_FILE: Setting(
        Words(
            "Fil med de certifikat som e-postservern ska godtas på; tomt är datorns egna",
            "File with the certificates on which the mail server is trusted; nothing means the machine's own",
        ),
        Text(500),
        "",
    ),
    MAIL_LOGIN: Setting(
        Words("Inloggning på e-postservern; tomt är ingen", "Login on the mail server; nothing means none"),
        Text(),
        "",
        Words(
            "Lösenordet tas ur HJUL_SMTP_PASSWORD, eller ur filen som HJUL_SMTP_PASSWORD_FILE pekar ut.",
            "The password is taken from HJUL_SMTP_PASSWORD, or from the file that HJUL_SMTP_PASSWORD_FILE names.",
        ),
    ),
    MAIL_FROM: Setting(
        Words("Adressen som meddelandena kommer från", "The address that messages come from"), Email(), ""
    ),
    MAIL_REPLY_TO: Setting(
        Words("Adressen dit svar går; tomt är ingen", "The address that answers go to; nothing means none"),
        Email(),
        "",
    ),
    MAIL_DIGEST: Setting(
        Words(
            "Ett meddelande om dagen till var och en; nej: så fort något händer",
            "One message a day to each; no: as soon as something happens",
        ),
        YesNo(),
        "yes",
    ),
    MAIL_DIGEST_AT: Setting(
        Words("När på dagen det skickas, tidigast", "The earliest time of day at which it is sent"),
        TimeOfDay(),
        "07:00",
    ),
    MAIL_LANGUAGE: Setting(
        Words("Meddelandenas språk: sv eller en", "The language of messages: sv or en"),
        OneOf(("sv", "en")),
        "sv",
    ),
    MAIL_DAYS: Setting(
        Words(
            "Efter så många dagar skickas ett meddelande inte längre, om det inte har gått förut",
            "After so many days a message is no longer sent, if it could not be before",
        ),
        Whole(1, 365, Words("dagar", "days")),
        "14",
    ),
}
