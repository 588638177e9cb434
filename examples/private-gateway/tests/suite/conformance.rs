//! What every provider must be able to show.

use private_gateway::House;

labgate_testkit::conformance!(House);
