"""The database: tables, migrations, transactions, and the keys that sign readers' links."""

from newsletter.store.database import Database, Workbench
from newsletter.store.keys import SigningKeys, rotate_keys, signing_keys
from newsletter.store.moments import aware, stored
from newsletter.store.opening import has_database, open_database
from newsletter.store.tokens import SigningKey, Subject, delivery_id, read_delivery_id, read_token, token

__all__ = [
    "Database",
    "SigningKey",
    "SigningKeys",
    "Subject",
    "Workbench",
    "aware",
    "delivery_id",
    "has_database",
    "open_database",
    "read_delivery_id",
    "read_token",
    "rotate_keys",
    "signing_keys",
    "stored",
    "token",
]
