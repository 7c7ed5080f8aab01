"""The database: tables, migrations, transactions, and the keys that sign readers' links."""

from typing import TYPE_CHECKING

from newsletter import lazy

if TYPE_CHECKING:
    from newsletter.store.database import Database
    from newsletter.store.keys import SigningKeys, rotate_keys, signing_keys
    from newsletter.store.moments import aware, stored
    from newsletter.store.opening import open_database
    from newsletter.store.tokens import SigningKey, Subject, delivery_id, read_delivery_id, read_token, token
    from newsletter.store.whereabouts import has_database
else:
    __getattr__ = lazy.names(__name__)

__all__ = [
    "Database",
    "SigningKey",
    "SigningKeys",
    "Subject",
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
