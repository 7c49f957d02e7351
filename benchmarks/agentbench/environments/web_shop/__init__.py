"""A web shop: search, pages, options and a purchase (WebShop; specification, section 4)."""
