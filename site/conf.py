"""How Sphinx makes the site from what scripts/build-site.mjs has laid out."""

project = "cdk-secretsmanager-patterns"
html_title = project
root_doc = "index"
extensions = ["myst_parser"]

# Anchors of headings are what they are on GitHub.
myst_heading_anchors = 6
# An excerpt with an ellipsis is no JSON.
suppress_warnings = ["misc.highlighting_failure"]

html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_show_sphinx = False
html_show_sourcelink = False
html_copy_source = False
pygments_style = "friendly"
pygments_dark_style = "github-dark"
html_theme_options = {"navigation_with_keys": True}


# How deep the contents of the API reference go, which every page would otherwise copy with all its thousands of headings.
REFERENCE_DEPTH = 3


def shorten(node, depth):
    for child in list(node.children):
        if child.tagname == "bullet_list" and depth == 0:
            node.remove(child)
        elif hasattr(child, "children"):
            shorten(child, depth - (child.tagname == "bullet_list"))


def shorten_reference(app, _doctree):
    if app.env.docname.split(".")[0] == "API":
        shorten(app.env.tocs[app.env.docname], REFERENCE_DEPTH)


def setup(app):
    # After the contents were collected, at 500.
    app.connect("doctree-read", shorten_reference, priority=900)
