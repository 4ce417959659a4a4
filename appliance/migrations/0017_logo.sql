-- The community's logo, in each form that it is shown in; no rows where the house's own stands.
CREATE TABLE logo_forms (
    form  TEXT PRIMARY KEY,
    image BLOB NOT NULL
) WITHOUT ROWID;
