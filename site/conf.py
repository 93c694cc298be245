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
