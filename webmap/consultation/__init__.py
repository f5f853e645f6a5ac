"""What do residents say, in place? Consultations: prepared, open, moderated, published, erased.

`plan` is what a facilitator decides; `store` keeps consultations, `contributions` what is said;
`participants` knows a browser again without knowing who it belongs to; `access` says who may do
what. Views are in `views`, one file for each kind of person and page.
"""
