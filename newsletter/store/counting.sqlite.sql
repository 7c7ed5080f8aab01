-- One writer at a time: each state of a list has one row, which is changed in place.

CREATE TRIGGER lists_added AFTER INSERT ON lists BEGIN
    INSERT INTO list_counts (list_id, state, number) VALUES
    (new.id, 'pending', 0), (new.id, 'confirmed', 0), (new.id, 'unsubscribed', 0), (new.id, 'suppressed', 0);
END

CREATE TRIGGER lists_removed AFTER DELETE ON lists BEGIN
    DELETE FROM list_counts WHERE list_id = old.id;
END

CREATE TRIGGER consents_added AFTER INSERT ON consents BEGIN
    UPDATE list_counts SET number = number + 1
    WHERE list_id = new.list_id AND (state = new.state
        OR (state = 'suppressed' AND new.state = 'confirmed' AND EXISTS (
            SELECT 1 FROM subscribers s JOIN suppressions p ON p.address_key = s.address_key
            WHERE s.id = new.subscriber_id)));
END

CREATE TRIGGER consents_removed AFTER DELETE ON consents BEGIN
    UPDATE list_counts SET number = number - 1
    WHERE list_id = old.list_id AND (state = old.state
        OR (state = 'suppressed' AND old.state = 'confirmed' AND EXISTS (
            SELECT 1 FROM subscribers s JOIN suppressions p ON p.address_key = s.address_key
            WHERE s.id = old.subscriber_id)));
END

CREATE TRIGGER consents_changed AFTER UPDATE OF state ON consents WHEN old.state <> new.state BEGIN
    UPDATE list_counts SET number = number + (state = new.state) - (state = old.state)
    WHERE list_id = new.list_id AND state IN (old.state, new.state);
    UPDATE list_counts SET number = number + (new.state = 'confirmed') - (old.state = 'confirmed')
    WHERE list_id = new.list_id AND state = 'suppressed' AND EXISTS (
        SELECT 1 FROM subscribers s JOIN suppressions p ON p.address_key = s.address_key
        WHERE s.id = new.subscriber_id);
END

CREATE TRIGGER suppressions_added AFTER INSERT ON suppressions BEGIN
    UPDATE list_counts SET number = number + 1 WHERE state = 'suppressed' AND list_id IN (
        SELECT c.list_id FROM subscribers s JOIN consents c ON c.subscriber_id = s.id
        WHERE s.address_key = new.address_key AND c.state = 'confirmed');
END

CREATE TRIGGER suppressions_removed AFTER DELETE ON suppressions BEGIN
    UPDATE list_counts SET number = number - 1 WHERE state = 'suppressed' AND list_id IN (
        SELECT c.list_id FROM subscribers s JOIN consents c ON c.subscriber_id = s.id
        WHERE s.address_key = old.address_key AND c.state = 'confirmed');
END

-- Consents go before their subscriber, who is looked up to see whether they were suppressed.
CREATE TRIGGER subscribers_removed BEFORE DELETE ON subscribers BEGIN
    DELETE FROM consents WHERE subscriber_id = old.id;
END
