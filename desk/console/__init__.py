"""The specialist's pages: console and shared-screen room."""
