"""What MJML 5.4.1 knows: components, their children, their attributes and the types of these.

Written by tests/conformance/table.py from the npm packages mjml-preset-core and mjml-core: do not edit by hand.

The facts below are taken from MJML, The MIT License (MIT), Copyright (c) 2016 Mailjet SAS, https://mjml.io.
Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions: the above copyright notice and
this permission notice shall be included in all copies or substantial portions of the Software. THE SOFTWARE IS PROVIDED
"AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT
HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE,
ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""

from __future__ import annotations

CHILDREN: dict[str, str] = {
    "mj-accordion": "mj-accordion-element mj-raw",
    "mj-accordion-element": "mj-accordion-title mj-accordion-text mj-raw",
    "mj-accordion-text": "",
    "mj-accordion-title": "",
    "mj-attributes": "",
    "mj-body": "mj-raw mj-section mj-wrapper mj-hero",
    "mj-button": "",
    "mj-carousel": "mj-carousel-image",
    "mj-carousel-image": "",
    "mj-column": (
        "mj-accordion mj-button mj-carousel mj-divider mj-image mj-raw mj-social mj-spacer mj-table mj-text mj-navbar"
    ),
    "mj-divider": "",
    "mj-group": "mj-column mj-raw",
    "mj-head": "mj-attributes mj-breakpoint mj-html-attributes mj-font mj-preview mj-style mj-title mj-raw",
    "mj-hero": (
        "mj-accordion mj-button mj-carousel mj-divider mj-image mj-social mj-spacer mj-table mj-text mj-navbar mj-raw"
    ),
    "mj-html-attribute": "",
    "mj-html-attributes": "mj-selector",
    "mj-image": "",
    "mj-navbar": "mj-navbar-link mj-raw",
    "mj-raw": "",
    "mj-section": "mj-column mj-group mj-raw",
    "mj-selector": "mj-html-attribute",
    "mj-social": "mj-social-element mj-raw",
    "mj-social-element": "",
    "mj-spacer": "",
    "mj-table": "",
    "mj-text": "",
    "mj-wrapper": "mj-hero mj-raw mj-section",
    "mjml": "mj-body mj-head mj-raw",
}
"""The components that may stand inside each, as words."""

ATTRIBUTES: dict[str, dict[str, str]] = {
    "mj-accordion": {
        "color": "container-background-color",
        "enum(left,right)": "icon-position",
        "enum(top,middle,bottom)": "icon-align",
        "string": "border font-family icon-unwrapped-alt icon-unwrapped-url icon-wrapped-alt icon-wrapped-url",
        "unit(px,%)": "icon-height icon-width padding-bottom padding-left padding-right padding-top",
        "unit(px,%){1,4}": "padding",
    },
    "mj-accordion-element": {
        "color": "background-color",
        "enum(left,right)": "icon-position",
        "enum(top,middle,bottom)": "icon-align",
        "string": "border font-family icon-unwrapped-alt icon-unwrapped-url icon-wrapped-alt icon-wrapped-url",
        "unit(px,%)": "icon-height icon-width",
    },
    "mj-accordion-text": {
        "color": "background-color color",
        "string": "font-family font-weight",
        "unit(px)": "font-size",
        "unit(px,%)": "padding-bottom padding-left padding-right padding-top",
        "unit(px,%){1,4}": "padding",
        "unit(px,%,)": "line-height",
        "unitWithNegative(px,em)": "letter-spacing",
    },
    "mj-accordion-title": {
        "color": "background-color color",
        "string": "font-family font-weight",
        "unit(px)": "font-size",
        "unit(px,%)": "padding-bottom padding-left padding-right padding-top",
        "unit(px,%){1,4}": "padding",
    },
    "mj-attributes": {},
    "mj-body": {
        "color": "background-color",
        "string": "id",
        "unit(px)": "width",
    },
    "mj-breakpoint": {
        "unit(px)": "width",
    },
    "mj-button": {
        "color": "background-color color container-background-color",
        "enum(left,center,right)": "align",
        "enum(left,right,center)": "text-align",
        "enum(top,bottom,middle)": "vertical-align",
        "string": (
            "border border-bottom border-left border-radius border-right border-top font-family "
            "font-style font-weight href name rel target text-decoration text-transform title"
        ),
        "unit(px)": "font-size",
        "unit(px,%)": "height padding-bottom padding-left padding-right padding-top width",
        "unit(px,%){1,4}": "inner-padding padding",
        "unit(px,%,)": "line-height",
        "unitWithNegative(px,em)": "letter-spacing",
    },
    "mj-carousel": {
        "color": "container-background-color tb-hover-border-color tb-selected-border-color",
        "enum(left,center,right)": "align",
        "enum(visible,hidden,supported)": "thumbnails",
        "string": "border-radius left-icon right-icon tb-border tb-border-radius",
        "unit(px,%)": "icon-width padding-bottom padding-left padding-right padding-top tb-width",
        "unit(px,%){1,4}": "padding",
    },
    "mj-carousel-image": {
        "string": "alt border-radius href rel src target tb-border tb-border-radius thumbnails-src title",
    },
    "mj-column": {
        "color": "background-color inner-background-color",
        "enum(ltr,rtl)": "direction",
        "enum(top,bottom,middle)": "vertical-align",
        "string": (
            "border border-bottom border-left border-radius border-right border-top inner-border "
            "inner-border-bottom inner-border-left inner-border-radius inner-border-right "
            "inner-border-top"
        ),
        "unit(px,%)": "padding-bottom padding-left padding-right padding-top width",
        "unit(px,%){1,4}": "padding",
    },
    "mj-divider": {
        "color": "border-color container-background-color",
        "enum(left,center,right)": "align",
        "string": "border-style",
        "unit(px)": "border-width",
        "unit(px,%)": "padding-bottom padding-left padding-right padding-top width",
        "unit(px,%){1,4}": "padding",
    },
    "mj-font": {
        "string": "href name",
    },
    "mj-group": {
        "color": "background-color",
        "enum(ltr,rtl)": "direction",
        "enum(top,bottom,middle)": "vertical-align",
        "unit(px,%)": "width",
    },
    "mj-head": {},
    "mj-hero": {
        "color": "background-color inner-background-color",
        "enum(top,bottom,middle)": "vertical-align",
        "string": "background-position background-url border-radius mode",
        "unit(px,%)": (
            "background-height background-width height inner-padding-bottom inner-padding-left "
            "inner-padding-right inner-padding-top padding-bottom padding-left padding-right padding-top"
        ),
        "unit(px,%){1,4}": "inner-padding padding",
    },
    "mj-html-attributes": {},
    "mj-image": {
        "boolean": "fluid-on-mobile",
        "color": "container-background-color",
        "enum(left,center,right)": "align",
        "string": (
            "alt border border-bottom border-left border-radius border-right border-top href name rel "
            "sizes src srcset target title usemap"
        ),
        "unit(px)": "font-size width",
        "unit(px,%)": "max-height padding-bottom padding-left padding-right padding-top",
        "unit(px,%){1,4}": "padding",
        "unit(px,auto)": "height",
    },
    "mj-navbar": {
        "color": "ico-color",
        "enum(left,center,right)": "align ico-align",
        "string": "base-url hamburger ico-close ico-font-family ico-open ico-text-decoration ico-text-transform",
        "unit(px,%)": (
            "ico-font-size ico-padding-bottom ico-padding-left ico-padding-right ico-padding-top "
            "padding-bottom padding-left padding-right padding-top"
        ),
        "unit(px,%){1,4}": "ico-padding padding",
        "unit(px,%,)": "ico-line-height",
    },
    "mj-navbar-link": {
        "color": "color",
        "string": "font-family font-style font-weight href name rel target text-decoration text-transform",
        "unit(px)": "font-size",
        "unit(px,%)": "padding-bottom padding-left padding-right padding-top",
        "unit(px,%){1,4}": "padding",
        "unit(px,%,)": "line-height",
        "unitWithNegative(px,em)": "letter-spacing",
    },
    "mj-preview": {},
    "mj-raw": {
        "enum(file-start)": "position",
    },
    "mj-section": {
        "color": "background-color",
        "enum(full-width,false,)": "full-width",
        "enum(left,center,right)": "text-align",
        "enum(ltr,rtl)": "direction",
        "enum(repeat,no-repeat)": "background-repeat",
        "string": (
            "background-position background-position-x background-position-y background-size "
            "background-url border border-bottom border-left border-radius border-right border-top"
        ),
        "unit(px,%)": "gutter padding-bottom padding-left padding-right padding-top",
        "unit(px,%){1,4}": "padding text-padding",
    },
    "mj-social": {
        "color": "color container-background-color",
        "enum(auto,fixed)": "table-layout",
        "enum(horizontal,vertical)": "mode",
        "enum(left,right,center)": "align",
        "enum(top,bottom,middle)": "vertical-align",
        "string": "border border-radius font-family font-style font-weight text-decoration",
        "unit(px)": "font-size",
        "unit(px,%)": "icon-height icon-size padding-bottom padding-left padding-right padding-top",
        "unit(px,%){1,4}": "icon-padding inner-padding padding text-padding",
        "unit(px,%,)": "line-height",
    },
    "mj-social-element": {
        "color": "background-color color",
        "enum(left,center,right)": "align",
        "enum(left,right)": "icon-position",
        "enum(top,middle,bottom)": "vertical-align",
        "string": (
            "alt border border-radius font-family font-style font-weight href name rel sizes src srcset "
            "target text-decoration title"
        ),
        "unit(px)": "font-size",
        "unit(px,%)": "icon-height icon-size padding-bottom padding-left padding-right padding-top",
        "unit(px,%){1,4}": "icon-padding padding text-padding",
        "unit(px,%,)": "line-height",
    },
    "mj-spacer": {
        "color": "container-background-color",
        "string": "border border-bottom border-left border-right border-top",
        "unit(px,%)": "height padding-bottom padding-left padding-right padding-top",
        "unit(px,%){1,4}": "padding",
    },
    "mj-style": {
        "string": "inline",
    },
    "mj-table": {
        "color": "color container-background-color",
        "enum(auto,fixed,initial,inherit)": "table-layout",
        "enum(left,right,center)": "align",
        "enum(none,presentation)": "role",
        "enum(top,bottom,middle)": "vertical-align",
        "integer": "cellpadding cellspacing",
        "string": "border font-family font-weight",
        "unit(px)": "font-size",
        "unit(px,%)": "padding-bottom padding-left padding-right padding-top",
        "unit(px,%){1,4}": "padding",
        "unit(px,%,)": "line-height",
        "unit(px,%,auto)": "width",
    },
    "mj-text": {
        "color": "background-color color container-background-color",
        "enum(left,right,center,justify)": "align",
        "enum(top,bottom,middle)": "vertical-align",
        "string": "font-family font-style font-weight text-decoration text-transform",
        "unit(px)": "font-size",
        "unit(px,%)": "height padding-bottom padding-left padding-right padding-top",
        "unit(px,%){1,4}": "padding",
        "unit(px,%,)": "line-height",
        "unitWithNegative(px,em)": "letter-spacing",
    },
    "mj-title": {},
    "mj-wrapper": {
        "color": "background-color",
        "enum(full-width,false,)": "full-width",
        "enum(left,center,right)": "text-align",
        "enum(ltr,rtl)": "direction",
        "enum(repeat,no-repeat)": "background-repeat",
        "string": (
            "background-position background-position-x background-position-y background-size "
            "background-url border border-bottom border-left border-radius border-right border-top"
        ),
        "unit(px)": "gap",
        "unit(px,%)": "gutter padding-bottom padding-left padding-right padding-top",
        "unit(px,%){1,4}": "padding text-padding",
    },
}
"""The attributes of each component, as words by type."""

COLORS = frozenset(
    """
    aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue blueviolet brown burlywood
    cadetblue chartreuse chocolate coral cornflowerblue cornsilk crimson cyan darkblue darkcyan darkgoldenrod
    darkgray darkgreen darkgrey darkkhaki darkmagenta darkolivegreen darkorange darkorchid darkred darksalmon
    darkseagreen darkslateblue darkslategray darkslategrey darkturquoise darkviolet deeppink deepskyblue dimgray
    dimgrey dodgerblue firebrick floralwhite forestgreen fuchsia gainsboro ghostwhite gold goldenrod gray green
    greenyellow grey honeydew hotpink indianred indigo inherit ivory khaki lavender lavenderblush lawngreen
    lemonchiffon lightblue lightcoral lightcyan lightgoldenrodyellow lightgray lightgreen lightgrey lightpink
    lightsalmon lightseagreen lightskyblue lightslategray lightslategrey lightsteelblue lightyellow lime limegreen
    linen magenta maroon mediumaquamarine mediumblue mediumorchid mediumpurple mediumseagreen mediumslateblue
    mediumspringgreen mediumturquoise mediumvioletred midnightblue mintcream mistyrose moccasin navajowhite navy
    oldlace olive olivedrab orange orangered orchid palegoldenrod palegreen paleturquoise palevioletred papayawhip
    peachpuff peru pink plum powderblue purple rebeccapurple red rosybrown royalblue saddlebrown salmon sandybrown
    seagreen seashell sienna silver skyblue slateblue slategray slategrey snow springgreen steelblue tan teal
    thistle tomato transparent turquoise violet wheat white whitesmoke yellow yellowgreen
    """.split()
)
"""The names of colours."""
