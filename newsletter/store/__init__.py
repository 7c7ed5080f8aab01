"""The database: tables, migrations, transactions, and the keys that sign readers' links."""

from newsletter.store.database import Database, Workbench
from newsletter.store.keys import SigningKeys, rotate_keys, signing_keys
from newsletter.store.moments import aware, stored
from newsletter.store.opening import open_database
from newsletter.store.tokens import SigningKey, delivery_id, read_delivery_id

__all__ = [
    "Database",
    "SigningKey",
    "SigningKeys",
    "Workbench",
    "aware",
    "delivery_id",
    "open_database",
    "read_delivery_id",
    "rotate_keys",
    "signing_keys",
    "stored",
]
