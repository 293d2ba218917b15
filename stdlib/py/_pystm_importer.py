"""The import system, as ordinary Python frames, so that a module's body may end transactions.

Runs inside the namespace of the native module _pystm_import, whose functions it calls by name. At
start-up it works alone, with small spec and loader classes of its own. As soon as somebody asks for
importlib (or a zip file, or a finder that is not ours) the installed importlib/_bootstrap*.py is
loaded and becomes the authority: existing specs and loaders change into its classes, and this file
stays as the fast path for plain source files with the same visible results.
"""

import sys
import builtins

modules = sys.modules
missing = object()
bootstrap = None  # importlib._bootstrap once adopted
bootstrap_external = None
own_hooks = ()  # what sys.path_hooks held when nobody had changed it


class ModuleSpec:
    def __init__(self, name, loader, *, origin=None, loader_state=None, is_package=None):
        self.name = name
        self.loader = loader
        self.origin = origin
        self.loader_state = loader_state
        self.submodule_search_locations = [] if is_package else None
        self._uninitialized_submodules = []
        self._set_fileattr = False
        self._cached = None

    def __repr__(self):
        args = [f"name={self.name!r}", f"loader={self.loader!r}"]
        if self.origin is not None:
            args.append(f"origin={self.origin!r}")
        if self.submodule_search_locations is not None:
            args.append(f"submodule_search_locations={self.submodule_search_locations}")
        return f"ModuleSpec({', '.join(args)})"

    @property
    def cached(self):
        return self._cached

    @cached.setter
    def cached(self, value):
        self._cached = value

    @property
    def parent(self):
        if self.submodule_search_locations is None:
            return self.name.rpartition(".")[0]
        return self.name

    @property
    def has_location(self):
        return self._set_fileattr

    @has_location.setter
    def has_location(self, value):
        self._set_fileattr = bool(value)


class SourceFileLoader:
    def __init__(self, fullname, path):
        self.name = fullname
        self.path = path

    def __getattr__(self, name):
        if bootstrap is not None or name[:2] == "__":
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        adopt()
        return getattr(self, name)  # the class has changed


class NamespaceLoader:
    def __init__(self, name, path):
        self.name = name
        self.locations = path

    def __getattr__(self, name):
        if bootstrap is not None or name[:2] == "__":
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        adopt()
        return getattr(self, name)


class BuiltinImporter:
    @classmethod
    def find_spec(cls, fullname, path=None, target=None):
        return builtin_spec(fullname) if path is None else None

    @staticmethod
    def create_module(spec):
        return create_builtin(spec.name)

    @staticmethod
    def exec_module(module):
        pass

    @classmethod
    def is_package(cls, fullname):
        return False

    @classmethod
    def get_code(cls, fullname):
        return None

    @classmethod
    def get_source(cls, fullname):
        return None


class PathFinder:
    @classmethod
    def find_spec(cls, fullname, path=None, target=None):
        return path_spec(fullname, path)

    @staticmethod
    def invalidate_caches():
        forget_listings()


class EmbeddedLoader:
    """Modules written in Python that are part of the executable."""

    def __init__(self, name):
        self.name = name

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        return run_module(self.get_code(self.name), module.__dict__)

    def get_code(self, fullname):
        return embedded_code(fullname)

    def get_source(self, fullname):
        return embedded_source(fullname)

    def is_package(self, fullname):
        return False


spec_class = ModuleSpec
source_loader = SourceFileLoader
builtin_loader = BuiltinImporter
own_finders = (BuiltinImporter, PathFinder)

# --- locks: one for each module being loaded -------------------------------------------------------------

locks = {}  # name -> [lock, owner's thread, depth]
waiting = {}  # thread -> name of the module it waits for


def lock_module(name):
    """False if waiting would never end: then the module is used half done, as in CPython."""
    me = thread_id()
    entry = locks.get(name)
    if entry is None:
        entry = locks.setdefault(name, [new_lock(), None, 0])
    if entry[1] == me:
        entry[2] += 1
        return True
    while not lock_acquire(entry[0], False):
        thread = entry[1]
        while thread is not None:
            wanted = waiting.get(thread)
            if wanted is None:
                break
            other = locks.get(wanted)
            thread = other[1] if other is not None else None
            if thread == me:
                return False
        waiting[me] = name
        try:
            lock_acquire(entry[0], True)
            lock_release(entry[0])
        finally:
            waiting.pop(me, None)
        entry = locks.setdefault(name, [new_lock(), None, 0])
    entry[1] = me
    entry[2] = 1
    locks[name] = entry
    return True


def unlock_module(name):
    entry = locks[name]
    entry[2] -= 1
    if entry[2] == 0:
        entry[1] = None
        del locks[name]
        lock_release(entry[0])


# --- finding ---------------------------------------------------------------------------------------------


def builtin_spec(name):
    if is_builtin(name):
        return spec_class(name, builtin_loader, origin="built-in")
    if is_embedded(name):
        return spec_class(name, EmbeddedLoader(name), origin="embedded")
    return None


def source_spec(name, path, locations):
    spec = spec_class(name, source_loader(name, path), origin=path)
    spec.submodule_search_locations = locations
    spec._set_fileattr = True
    spec._cached = cached_path(path)
    return spec


def path_spec(name, path):
    """A spec by sys.path (or a package's __path__); None if nothing is there."""
    tail = name.rpartition(".")[2]
    portions = []
    for entry in sys.path if path is None else path:
        if not isinstance(entry, str):
            continue
        kind, found = find_in_directory(entry, tail)
        if kind == 0:
            continue
        if kind == 1:
            return source_spec(name, found, None)
        if kind == 2:
            return source_spec(name, found, [found.rpartition("/")[0]])
        if kind == 3:
            portions.append(found)
        elif kind == 4:  # not a directory: a zip file, or something for a path hook
            adopt()
            finder = bootstrap_external.PathFinder._path_importer_cache(entry)
            if finder is None:
                continue
            spec = finder.find_spec(name)
            if spec is None:
                continue
            if spec.loader is not None:
                return spec
            portions.extend(spec.submodule_search_locations or ())
    if not portions:
        return None
    return namespace_spec(name, portions, path)


def namespace_spec(name, portions, path):
    adopt()
    spec = spec_class(name, None)
    where = bootstrap_external._NamespacePath(name, portions, bootstrap_external.PathFinder._get_spec)
    spec.submodule_search_locations = where
    return spec


def plain_hooks():
    hooks = sys.path_hooks
    return len(hooks) == len(own_hooks) and all(a is b for a, b in zip(hooks, own_hooks))


def find_spec(name, path):
    finders = sys.meta_path
    if finders is None:
        raise ImportError("sys.meta_path is None, Python is likely shutting down")
    n = len(own_finders)
    if len(finders) == n and finders[0] is own_finders[0] and finders[n - 1] is own_finders[n - 1]:
        if plain_hooks():
            if path is None:
                spec = builtin_spec(name)
                if spec is not None:
                    return spec
            return path_spec(name, path)
        adopt()
    elif not finders:
        import warnings

        warnings.warn("sys.meta_path is empty", ImportWarning)
    for finder in list(sys.meta_path):
        if finder is BuiltinImporter or finder is builtin_loader:
            spec = builtin_spec(name) if path is None else None
        elif finder is own_finders[-1] and plain_hooks():
            spec = path_spec(name, path)
        else:
            try:
                find = finder.find_spec
            except AttributeError:
                adopt()
                spec = bootstrap._find_spec_legacy(finder, name, path)
                if spec is None:
                    continue
                return spec
            spec = find(name, path, None)
        if spec is not None:
            return spec
    return None


# --- loading ---------------------------------------------------------------------------------------------


def init_module(module, spec):
    ns = module.__dict__
    ns["__package__"] = spec.parent
    ns["__loader__"] = spec.loader
    ns["__spec__"] = spec
    locations = spec.submodule_search_locations
    if locations is not None:
        ns["__path__"] = locations
    if spec._set_fileattr:
        ns["__file__"] = spec.origin
        if spec._cached is not None:
            ns["__cached__"] = spec._cached


def load(spec):
    name = spec.name
    loader = spec.loader
    plain = type(loader)
    if plain is source_loader:
        module = new_module(name)
        init_module(module, spec)
    elif loader is builtin_loader:
        module = create_builtin(name)
        init_module(module, spec)
    elif plain is EmbeddedLoader:
        module = new_module(name)
        init_module(module, spec)
    else:
        adopt()
        module = foreign_module(spec)
        if module is None:
            return bootstrap._load_unlocked(spec)
    spec._initializing = True
    try:
        modules[name] = module
        try:
            if plain is source_loader:
                run_module(load_source(loader.path, -1), module.__dict__)
            elif plain is EmbeddedLoader:
                run_module(embedded_code(name), module.__dict__)
            elif loader is not builtin_loader and loader is not None:
                loader.exec_module(module)
        except:
            try:
                del modules[name]
            except KeyError:
                pass
            raise
        module = modules.pop(name)
        modules[name] = module
        if verbose():
            note(f"import {name!r} # {loader!r}\n")
    finally:
        spec._initializing = False
    return module


def foreign_module(spec):
    loader = spec.loader
    if loader is not None and not hasattr(loader, "exec_module"):
        return None
    return bootstrap.module_from_spec(spec)


def load_by_name(name):
    parent, _, child = name.rpartition(".")
    path = None
    if parent:
        if parent not in modules:
            find_and_load(parent)
        if name in modules:
            return modules[name]
        parent_module = modules[parent]
        try:
            path = parent_module.__path__
        except AttributeError:
            raise ModuleNotFoundError(f"No module named {name!r}; {parent!r} is not a package", name=name) from None
    if name == "zipimport" and bootstrap is None:
        adopt()  # which imports it
        if name in modules:
            return modules[name]
    spec = find_spec(name, path)
    if spec is None:
        if name == "_frozen_importlib" or name == "_frozen_importlib_external":
            adopt()
            return modules[name]
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    module = load(spec)
    if parent:
        try:
            setattr(modules[parent], child, module)
        except AttributeError:
            import warnings

            warnings.warn(f"Cannot set an attribute on {parent!r} for child module {child!r}", ImportWarning)
    return module


def find_and_load(name, import_=None):
    module = modules.get(name, missing)
    if module is missing or getattr(getattr(module, "__spec__", None), "_initializing", False):
        if lock_module(name):
            try:
                module = modules.get(name, missing)
                if module is missing:
                    return load_by_name(name)
            finally:
                unlock_module(name)
        else:
            module = modules.get(name, missing)
            if module is missing:
                return load_by_name(name)
    if module is None:
        raise ModuleNotFoundError(f"import of {name} halted; None in sys.modules", name=name)
    return module


def calc_package(globals):
    package = globals.get("__package__")
    spec = globals.get("__spec__")
    if package is not None:
        if spec is not None and package != spec.parent:
            import warnings

            warnings.warn(
                f"__package__ != __spec__.parent ({package!r} != {spec.parent!r})", ImportWarning, stacklevel=3
            )
        return package
    if spec is not None:
        return spec.parent
    import warnings

    warnings.warn(
        "can't resolve package from __spec__ or __package__, falling back on __name__ and __path__",
        ImportWarning,
        stacklevel=3,
    )
    package = globals["__name__"]
    if "__path__" not in globals:
        package = package.rpartition(".")[0]
    return package


def resolve(name, globals, level):
    if globals is None:
        raise KeyError("'__name__' not in globals")
    if not isinstance(globals, dict):
        raise TypeError("globals must be a dict")
    package = calc_package(globals)
    if not isinstance(package, str):
        raise TypeError("__package__ not set to a string")
    if not package:
        raise ImportError("attempted relative import with no known parent package")
    bits = package.rsplit(".", level - 1)
    if len(bits) < level:
        raise ImportError("attempted relative import beyond top-level package")
    return f"{bits[0]}.{name}" if name else bits[0]


def import_names(module, fromlist, recursive=False):
    for x in fromlist:
        if not isinstance(x, str):
            where = f"{module.__name__}.__all__" if recursive else "``from list''"
            raise TypeError(f"Item in {where} must be str, not {type(x).__name__}")
        if x == "*":
            if not recursive and hasattr(module, "__all__"):
                import_names(module, module.__all__, True)
        elif not hasattr(module, x):
            name = f"{module.__name__}.{x}"
            try:
                find_and_load(name)
            except ModuleNotFoundError as e:
                if e.name == name and modules.get(name, missing) is not None:
                    continue
                raise
    return module


def __import__(name, globals=None, locals=None, fromlist=(), level=0):
    """Import a module.

    Because this function is meant for use by the Python interpreter and not for general use, it is
    better to use importlib.import_module() to programmatically import a module."""
    if not isinstance(name, str):
        raise TypeError("module name must be a string")
    if level == 0:
        if not name:
            raise ValueError("Empty module name")
        full = name
    else:
        if level < 0:
            raise ValueError("level must be >= 0")
        full = resolve(name, globals, level)
    module = find_and_load(full)
    if not fromlist:
        if level == 0:
            top = name.partition(".")[0]
            return module if top == name else find_and_load(top)
        if not name:
            return module
        cut = len(name) - len(name.partition(".")[0])
        return modules[full[: len(full) - cut]]
    if hasattr(module, "__path__"):
        return import_names(module, fromlist)
    return module


# --- the installed importlib -----------------------------------------------------------------------------


def library_module(name, path):
    module = new_module(name)
    module.__file__ = path
    modules[name] = module
    run_module(load_source(path, -1), module.__dict__)
    return module


def get_code(self, fullname):
    if type(self) is source_loader:
        return load_source(self.path, -1)
    return bootstrap_external.SourceLoader.get_code(self, fullname)


def adopt():
    global bootstrap, bootstrap_external, spec_class, source_loader, builtin_loader, own_finders, own_hooks
    if bootstrap is not None:
        return
    folder = stdlib_folder() + "/importlib/"
    b = library_module("_frozen_importlib", folder + "_bootstrap.py")
    e = library_module("_frozen_importlib_external", folder + "_bootstrap_external.py")
    import _imp

    for name in ("_thread", "_warnings", "_weakref", "_io", "marshal", "posix"):
        try:
            find_and_load(name)
        except ImportError:
            pass
    b._setup(sys, _imp)
    e._set_bootstrap_module(b)
    b._bootstrap_external = e
    b._find_and_load = find_and_load
    e.SourceFileLoader.get_code = get_code
    old_finders, old_loaders = own_finders, (SourceFileLoader, NamespaceLoader)
    spec_class, source_loader, builtin_loader = b.ModuleSpec, e.SourceFileLoader, b.BuiltinImporter
    own_finders = (b.BuiltinImporter, b.FrozenImporter, e.PathFinder)
    bootstrap, bootstrap_external = b, e
    # What exists already changes class.
    for module in list(modules.values()):
        spec = getattr(module, "__spec__", None)
        if type(spec) is not ModuleSpec:
            continue
        adopt_spec(spec, module)
    for m, name, path in ((b, "_frozen_importlib", "_bootstrap.py"), (e, "_frozen_importlib_external", "_bootstrap_external.py")):
        spec = spec_class(name, b.FrozenImporter, origin="frozen")
        m.__spec__ = spec
        m.__loader__ = b.FrozenImporter
        m.__package__ = ""
    # The finders.
    finders = []
    for finder in sys.meta_path:
        if finder is BuiltinImporter:
            finders += [b.BuiltinImporter, b.FrozenImporter]
        elif finder is PathFinder:
            finders.append(e.PathFinder)
        else:
            finders.append(finder)
    sys.meta_path[:] = finders
    hook = e.FileFinder.path_hook(*e._get_supported_file_loaders())
    if not any(a is hook for a in sys.path_hooks):
        sys.path_hooks.append(hook)
    if own_hooks == () and len(sys.path_hooks) == 1:
        own_hooks = tuple(sys.path_hooks)
    try:
        import zipimport
    except ImportError:
        pass
    else:
        plain = plain_hooks()
        sys.path_hooks.insert(0, zipimport.zipimporter)
        if plain:
            own_hooks = tuple(sys.path_hooks)


def adopt_spec(spec, module):
    spec.__class__ = spec_class
    loader = spec.loader
    if type(loader) is SourceFileLoader:
        loader.__class__ = source_loader
    elif loader is BuiltinImporter:
        spec.loader = builtin_loader
        module.__loader__ = builtin_loader


def set_main_loader(module, path):
    """__main__'s loader when a script is run."""
    module.__loader__ = source_loader("__main__", path)


def install():
    sys.meta_path[:] = own_finders
    for name in ("sys", "builtins", "_pystm_import"):
        module = modules.get(name)
        if module is not None:
            spec = builtin_spec(name)
            spec._initializing = False
            init_module(module, spec)
    builtins.__import__ = __import__
