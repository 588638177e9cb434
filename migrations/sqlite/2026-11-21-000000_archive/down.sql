DROP TABLE tasks;
DROP TABLE events;
DROP TABLE reports;
DROP TABLE appointments;
DROP TABLE orders;
DROP TABLE webhooks;
