DROP TABLE dictionaries;
DROP TABLE tasks;
DROP TABLE feed;
DROP TABLE events;
DROP TABLE reports;
DROP TABLE appointments;
DROP TABLE orders;
DROP TABLE webhooks;
