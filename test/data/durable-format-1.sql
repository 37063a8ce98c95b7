-- A store as the first version wrote it: one instance that waits for an event, one that has ended.
CREATE TABLE instances (
  key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, execution TEXT NOT NULL,
  name TEXT NOT NULL, version TEXT, status TEXT NOT NULL, input TEXT, output TEXT,
  custom_status TEXT, created INTEGER NOT NULL, updated INTEGER NOT NULL,
  parent_key INTEGER, parent_id TEXT, parent_task INTEGER, generation INTEGER NOT NULL);
CREATE INDEX instances_created ON instances (created);
CREATE TABLE history (
  instance INTEGER NOT NULL, row INTEGER NOT NULL, events TEXT NOT NULL,
  PRIMARY KEY (instance, row)) WITHOUT ROWID;
CREATE TABLE inbox (id INTEGER PRIMARY KEY, target INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE tasks (
  id INTEGER PRIMARY KEY AUTOINCREMENT, instance INTEGER NOT NULL, task INTEGER NOT NULL,
  name TEXT NOT NULL, input TEXT);
CREATE INDEX tasks_instance ON tasks (instance);
CREATE TABLE timers (
  instance INTEGER NOT NULL, timer INTEGER NOT NULL, due INTEGER NOT NULL,
  PRIMARY KEY (instance, timer)) WITHOUT ROWID;
CREATE INDEX timers_due ON timers (due);
CREATE TABLE entities (
  key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, present INTEGER NOT NULL,
  state TEXT, locked_by TEXT, lock_id TEXT, waiting TEXT NOT NULL, updated INTEGER NOT NULL);
CREATE TABLE entity_inbox (id INTEGER PRIMARY KEY, target INTEGER NOT NULL, body TEXT NOT NULL);
PRAGMA user_version = 1;
INSERT INTO instances VALUES
  (1, 'waiting', 'e1', 'listens', NULL, 'Running', NULL, NULL, NULL, 1924992000000, 1924992000000, NULL, NULL, NULL, 0),
  (2, 'done', 'e2', 'listens', NULL, 'Completed', NULL, '"kept"', NULL, 1924992000000, 1924992000001, NULL, NULL, NULL, 0);
INSERT INTO history VALUES
  (1, 0, '[1924992000000,12,{"EventType":0,"Name":"listens","Version":null},13]'),
  (2, 0, '[1924992000000,12,{"EventType":0,"Name":"listens","Version":null},{"EventType":15,"Name":"word","Input":"\"kept\""},{"EventType":1,"EventId":0,"OrchestrationStatus":"Completed","Result":"\"kept\""},13]');
