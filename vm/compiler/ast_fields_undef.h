// Forgets the field macros of ast_nodes.def, so that the next includer may define its own.
// No include guard: it is meant to be included after each use.
#undef IDENT
#undef OPT_IDENT
#undef IDENTS
#undef ONE
#undef OPT
#undef MANY
#undef MANY_OPT
#undef VALUE
#undef VALUES
#undef INT
#undef OPT_STR
#undef CONST
