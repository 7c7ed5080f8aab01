-- Every statement adds rows with its difference: writers who change one row in turn would wait for each other, and two
-- who change two of them could lock each other out.

CREATE FUNCTION count_consents() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO list_counts (list_id, state, number)
        SELECT list_id, state, -count(*) FROM removed GROUP BY list_id, state;
        INSERT INTO list_counts (list_id, state, number)
        SELECT c.list_id, 'suppressed', -count(*)
        FROM removed c JOIN subscribers s ON s.id = c.subscriber_id
        JOIN suppressions p ON p.address_key = s.address_key
        WHERE c.state = 'confirmed' GROUP BY c.list_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO list_counts (list_id, state, number)
        SELECT list_id, state, count(*) FROM added GROUP BY list_id, state;
        INSERT INTO list_counts (list_id, state, number)
        SELECT c.list_id, 'suppressed', count(*)
        FROM added c JOIN subscribers s ON s.id = c.subscriber_id
        JOIN suppressions p ON p.address_key = s.address_key
        WHERE c.state = 'confirmed' GROUP BY c.list_id;
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER consents_added AFTER INSERT ON consents REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION count_consents()

CREATE TRIGGER consents_removed AFTER DELETE ON consents REFERENCING OLD TABLE AS removed
FOR EACH STATEMENT EXECUTE FUNCTION count_consents()

CREATE TRIGGER consents_changed AFTER UPDATE ON consents REFERENCING OLD TABLE AS removed NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION count_consents()

CREATE FUNCTION count_suppressions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        INSERT INTO list_counts (list_id, state, number)
        SELECT c.list_id, 'suppressed', -count(*)
        FROM removed p JOIN subscribers s ON s.address_key = p.address_key
        JOIN consents c ON c.subscriber_id = s.id
        WHERE c.state = 'confirmed' GROUP BY c.list_id;
    ELSE
        INSERT INTO list_counts (list_id, state, number)
        SELECT c.list_id, 'suppressed', count(*)
        FROM added p JOIN subscribers s ON s.address_key = p.address_key
        JOIN consents c ON c.subscriber_id = s.id
        WHERE c.state = 'confirmed' GROUP BY c.list_id;
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER suppressions_added AFTER INSERT ON suppressions REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION count_suppressions()

CREATE TRIGGER suppressions_removed AFTER DELETE ON suppressions REFERENCING OLD TABLE AS removed
FOR EACH STATEMENT EXECUTE FUNCTION count_suppressions()

-- Consents go before their subscriber, who is looked up to see whether they were suppressed.
CREATE FUNCTION remove_consents() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM consents WHERE subscriber_id = OLD.id;
    RETURN OLD;
END $$

CREATE TRIGGER subscribers_removed BEFORE DELETE ON subscribers
FOR EACH ROW EXECUTE FUNCTION remove_consents()

CREATE FUNCTION remove_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM list_counts WHERE list_id = OLD.id;
    RETURN NULL;
END $$

CREATE TRIGGER lists_removed AFTER DELETE ON lists
FOR EACH ROW EXECUTE FUNCTION remove_counts()
