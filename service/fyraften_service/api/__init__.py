"""The HTTP interface for laptops: one module a resource."""
