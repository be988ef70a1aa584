"""The views of the page, one module each.

``build(opening)`` makes a view's components inside the tab that the page opened for it; nothing is worked out for it then. Where it has them,
``routes(opening, settings)`` gives the routes below ``/page/`` that its script in ``static/`` asks: they answer at once, where an event of
Gradio would wait in its queue.
"""
