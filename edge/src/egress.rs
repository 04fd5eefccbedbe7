//! The only file that sends requests outward: address policy, time limit, redirects by hand, body limit.
