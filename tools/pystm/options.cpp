// The options, once: one row each. CLI11 parses what stands before the program (script, -c, -m, -);
// everything after belongs to the program.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>

#include "tools/pystm/settings.h"

namespace pystm::tool {

namespace {

using Set = std::function<void(Settings&, const std::string& value)>;

struct Row {
  std::string names;  // CLI11's form: "-v,--verbose"
  const char*
      value;  // placeholder, or null for a switch; "=x" form optional when it starts with '['
  const char* help;
  bool vm;  // shown under "VM options"
  Set set;
};

struct UsageError {
  std::string text;
};

size_t edit_distance(const std::string& a, const std::string& b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t up = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1])});
      diagonal = up;
    }
  }
  return row[b.size()];
}

std::string nearest(const std::string& name, const std::vector<std::string>& known) {
  std::string best;
  size_t least = name.size() / 2 + 2;
  for (const std::string& k : known) {
    const size_t d = edit_distance(name, k);
    if (d < least) {
      least = d;
      best = k;
    }
  }
  return best.empty() ? "" : " (did you mean '" + best + "'?)";
}

uint64_t number(const std::string& what, const std::string& text) {
  char* end = nullptr;
  const unsigned long long n = std::strtoull(text.c_str(), &end, 10);
  if (text.empty() || *end != 0) throw UsageError{what + ": '" + text + "' is not a number"};
  return n;
}

// 512, 64k, 20M, 2G: bytes.
uint64_t size_value(const std::string& what, std::string text) {
  unsigned shift = 0;
  if (!text.empty()) {
    switch (text.back()) {
      case 'k':
      case 'K':
        shift = 10;
        break;
      case 'm':
      case 'M':
        shift = 20;
        break;
      case 'g':
      case 'G':
        shift = 30;
        break;
      default:
        break;
    }
    if (shift != 0) text.pop_back();
  }
  return number(what, text) << shift;
}

// name=value,name=value of --stm and --gc: one row each.
struct SubOption {
  const char* name;
  const char* help;
  std::function<void(Settings&, const std::string&)> set;
};
const SubOption kStmOptions[] = {
    {"threads", "threads that may run in parallel (default: CPUs)",
     [](Settings& s, const std::string& v) {
       s.stm.threads = static_cast<uint32_t>(number("--stm threads", v));
     }},
    {"length", "target length of an automatic transaction, microseconds",
     [](Settings& s, const std::string& v) {
       s.stm.length_us = static_cast<uint32_t>(number("--stm length", v));
     }},
    {"retries", "aborts after which a transaction may not be aborted again",
     [](Settings& s, const std::string& v) {
       s.stm.retries = static_cast<uint32_t>(number("--stm retries", v));
     }},
};
SubOption jit_number(const char* name, const char* help, uint32_t jit::JitOptions::*member) {
  return {name, help, [name, member](Settings& s, const std::string& v) {
            s.jit.*member =
                static_cast<uint32_t>(number((std::string("--jit ") + name).c_str(), v));
          }};
}
const SubOption kJitOptions[] = {
    jit_number("hotloop", "iterations before a loop is recorded", &jit::JitOptions::hotloop),
    jit_number("hotcall", "calls before a function is recorded", &jit::JitOptions::hotcall),
    jit_number("hotexit", "exits before a side trace is recorded", &jit::JitOptions::hotexit),
    jit_number("maxside", "side traces of one loop", &jit::JitOptions::maxside),
    jit_number("maxtraces", "traces in all", &jit::JitOptions::maxtraces),
    jit_number("maxmcode", "KiB of machine code before all traces are evicted",
               &jit::JitOptions::maxmcode),
    {"backend", "asmjit, or interp: the IR interpreter",
     [](Settings& s, const std::string& v) {
       if (v != "asmjit" && v != "interp")
         throw UsageError{"--jit backend: '" + v + "' is neither asmjit nor interp"};
       s.jit.machine_code = v == "asmjit";
     }},
    {"verify", "1: check every trace",
     [](Settings& s, const std::string& v) { s.jit.verify = v != "0"; }},
    {"opt", "optimisations, joined by '+': all, none, -NAME for all but one",
     [](Settings& s, std::string v) {
       std::replace(v.begin(), v.end(), '+', ',');
       if (!jit::parse_opt(v, &s.jit.opt))
         throw UsageError{"--jit opt: unknown name in '" + v + "'"};
     }},
};
const SubOption kGcOptions[] = {
    {"young", "bytes a thread allocates between young collections",
     [](Settings& s, const std::string& v) { s.gc.young_bytes = size_value("--gc young", v); }},
    {"heap-max", "limit of the heap, bytes",
     [](Settings& s, const std::string& v) { s.gc.heap_max = size_value("--gc heap-max", v); }},
};

void sub_options(Settings& s, const char* option, std::span<const SubOption> rows,
                 const std::string& text) {
  if (text == "help") {
    for (const SubOption& r : rows) std::printf("  %s %s=VALUE   %s\n", option, r.name, r.help);
    std::exit(0);
  }
  size_t at = 0;
  while (at <= text.size()) {
    const size_t comma = std::min(text.find(',', at), text.size());
    const std::string part = text.substr(at, comma - at);
    const size_t eq = part.find('=');
    const std::string name = part.substr(0, eq);
    auto row =
        std::find_if(rows.begin(), rows.end(), [&](const SubOption& r) { return name == r.name; });
    if (row == rows.end() || eq == std::string::npos) {
      std::vector<std::string> known;
      for (const SubOption& r : rows) known.push_back(r.name);
      throw UsageError{std::string(option) + ": unknown setting '" + name + "'" +
                       nearest(name, known)};
    }
    row->set(s, part.substr(eq + 1));
    at = comma + 1;
  }
}

Report report_kind(const std::string& option, const std::string& value) {
  if (value.empty() || value == "true" || value == "text") return Report::kText;
  if (value == "json") return Report::kJson;
  throw UsageError{option + ": '" + value + "' is not json"};
}

const std::vector<Row>& rows() {
  static const std::vector<Row> kRows = {
      {"-b", nullptr, "issue warnings about mixing bytes and str (-bb: errors)", false,
       [](Settings& s, const std::string&) { ++s.runtime.bytes_warning; }},
      {"-B", nullptr, "do not write the bytecode cache; also PYTHONDONTWRITEBYTECODE=x", false,
       [](Settings& s, const std::string&) { s.runtime.dont_write_bytecode = true; }},
      {"-d", nullptr, "turn on parser debugging output (no effect)", false,
       [](Settings& s, const std::string&) { ++s.runtime.debug; }},
      {"-E", nullptr, "ignore PYTHON* environment variables", false,
       [](Settings& s, const std::string&) { s.runtime.ignore_environment = true; }},
      {"-h,-?,--help", nullptr, "print this help message and exit", false,
       [](Settings& s, const std::string&) { s.help = true; }},
      {"-i", nullptr, "inspect interactively after running the program; also PYTHONINSPECT=x",
       false,
       [](Settings& s, const std::string&) { s.runtime.inspect = s.runtime.interactive = true; }},
      {"-I", nullptr, "isolate from the user's environment (implies -E, -P and -s)", false,
       [](Settings& s, const std::string&) {
         s.runtime.isolated = s.runtime.ignore_environment = s.runtime.no_user_site =
             s.runtime.safe_path = true;
       }},
      {"-O", nullptr, "remove assert and __debug__ statements (-OO: docstrings, too)", false,
       [](Settings& s, const std::string&) { ++s.runtime.optimize; }},
      {"-P", nullptr, "do not prepend a potentially unsafe path to sys.path", false,
       [](Settings& s, const std::string&) { s.runtime.safe_path = true; }},
      {"-q", nullptr, "do not print version and copyright on interactive start-up", false,
       [](Settings& s, const std::string&) { ++s.runtime.quiet; }},
      {"-s", nullptr, "do not add the user site directory to sys.path; also PYTHONNOUSERSITE",
       false, [](Settings& s, const std::string&) { s.runtime.no_user_site = true; }},
      {"-S", nullptr, "do not run 'import site' on start-up", false,
       [](Settings& s, const std::string&) { s.runtime.no_site = true; }},
      {"-u", nullptr, "unbuffered standard output and error; also PYTHONUNBUFFERED=x", false,
       [](Settings& s, const std::string&) { s.runtime.unbuffered = true; }},
      {"-v", nullptr, "verbose: trace import statements; also PYTHONVERBOSE=x", false,
       [](Settings& s, const std::string&) { ++s.runtime.verbose; }},
      {"-V,--version", nullptr, "print the version number and exit (-VV: more about the build)",
       false, [](Settings& s, const std::string&) { ++s.version; }},
      {"-W", "ACTION",
       "warning control: action:message:category:module:lineno; also PYTHONWARNINGS", false,
       [](Settings& s, const std::string& v) { s.runtime.warn_options.push_back(v); }},
      {"-x", nullptr, "skip the first line of the script", false,
       [](Settings& s, const std::string&) { s.runtime.skip_first_line = true; }},
      {"-X", "OPTION", "implementation-specific option", false,
       [](Settings& s, const std::string& v) {
         const size_t eq = v.find('=');
         s.runtime.x_options.emplace_back(v.substr(0, eq),
                                          eq == std::string::npos ? "" : v.substr(eq + 1));
         if (v == "dev") s.runtime.dev_mode = true;
         if (v == "perf") s.jit.perf_map = true;
         if (v.rfind("utf8", 0) == 0) s.runtime.utf8_mode = v != "utf8=0";
         if (v.rfind("int_max_str_digits=", 0) == 0)
           s.runtime.int_max_str_digits =
               static_cast<int64_t>(number("-X int_max_str_digits", v.substr(eq + 1)));
       }},
      {"--stdlib", "DIR", "the standard library to use; also PYSTM_STDLIB", true,
       [](Settings& s, const std::string& v) { s.runtime.stdlib_dir = v; }},
      {"--jit", "on|off|NAME=VALUE,...|help", "compiler settings", true,
       [](Settings& s, const std::string& v) {
         s.jit.enabled = v != "off";
         if (v != "on" && v != "off") sub_options(s, "--jit", kJitOptions, v);
       }},
      {"--jit-stats", "[json]", "print the compiler's statistics at exit", true,
       [](Settings& s, const std::string& v) {
         s.jit_stats = report_kind("--jit-stats", v);
         s.jit.counters = true;
       }},
      {"--jit-check", nullptr, "run compiled code twice, by the IR interpreter first, and compare",
       true, [](Settings& s, const std::string&) { s.jit.check = true; }},
      {"--gdb-jit", nullptr, "tell gdb the names of compiled code", true,
       [](Settings& s, const std::string&) { s.jit.gdb = true; }},
      {"--jit-log", "FILE", "write one line per recording and its end; '-': to standard error",
       true, [](Settings& s, const std::string& v) { s.jit.log = v; }},
      {"--jit-dump", "FILE", "write each trace's IR; '-': to standard error", true,
       [](Settings& s, const std::string& v) { s.jit.dump = v; }},
      {"--stm", "off|NAME=VALUE,...|help",
       "transaction settings; off: threads under one global lock", true,
       [](Settings& s, const std::string& v) {
         if (v == "off") {
           s.stm.enabled = false;
         } else {
           sub_options(s, "--stm", kStmOptions, v);
         }
       }},
      {"--stm-stats", "[json]", "print transaction statistics at exit", true,
       [](Settings& s, const std::string& v) { s.stm_stats = report_kind("--stm-stats", v); }},
      {"--stm-log", "FILE", "write one JSON line per abort", true,
       [](Settings& s, const std::string& v) { s.stm_log = v; }},
      {"--stm-chaos", "N[,SEED]",
       "force aborts, splits and extensions at 1 in N polls and barriers", true,
       [](Settings& s, const std::string& v) {
         const size_t comma = v.find(',');
         s.stm.chaos = number("--stm-chaos", v.substr(0, comma));
         if (comma != std::string::npos)
           s.stm.chaos_seed = number("--stm-chaos", v.substr(comma + 1));
       }},
      {"--solo-flip", "MS", "switch between solo and parallel mode this often", true,
       [](Settings& s, const std::string& v) {
         s.stm.solo_flip_ms = static_cast<uint32_t>(number("--solo-flip", v));
       }},
      {"--gc", "NAME=VALUE,...|help", "heap settings", true,
       [](Settings& s, const std::string& v) { sub_options(s, "--gc", kGcOptions, v); }},
      {"--gc-stress", "N", "collect at every N-th allocation and poison what was vacated", true,
       [](Settings& s, const std::string& v) { s.gc.stress = number("--gc-stress", v); }},
      {"--gc-move", "on|off", "off: survivors stay where they are", true,
       [](Settings& s, const std::string& v) {
         if (v != "on" && v != "off")
           throw UsageError{"--gc-move: '" + v + "' is neither on nor off"};
         s.gc.move = v == "on";
       }},
      {"--gc-heap-max", "SIZE", "limit of the heap (bytes, or with k, M, G); beyond: MemoryError",
       true,
       [](Settings& s, const std::string& v) { s.gc.heap_max = size_value("--gc-heap-max", v); }},
      {"--gc-stats", "[json]", "print heap statistics at exit", true,
       [](Settings& s, const std::string& v) { s.gc_stats = report_kind("--gc-stats", v); }},
      {"--dump-primitives", nullptr, "print the primitives that each executed instruction uses",
       true, [](Settings& s, const std::string&) { s.runtime.dump_primitives = true; }},
      {"--info", nullptr, "print how this pystm was built and where it finds things, and exit",
       true, [](Settings& s, const std::string&) { s.info = true; }},
      {"--help-all", nullptr, "print all options and exit", true,
       [](Settings& s, const std::string&) { s.help_all = true; }},
  };
  return kRows;
}

bool takes_value(const Row& r) { return r.value != nullptr && r.value[0] != '['; }

std::vector<std::string> names_of(const Row& r) {
  std::vector<std::string> out;
  size_t at = 0;
  while (at <= r.names.size()) {
    const size_t comma = std::min(r.names.find(',', at), r.names.size());
    out.push_back(r.names.substr(at, comma - at));
    at = comma + 1;
  }
  return out;
}

const Row* find_row(const std::string& name) {
  for (const Row& r : rows())
    for (const std::string& n : names_of(r))
      if (n == name) return &r;
  return nullptr;
}

void print_help(bool all) {
  std::printf(
      "usage: pystm [option] ... [-c cmd | -m mod | file | -] [arg] ...\nOptions (and "
      "corresponding environment variables):\n");
  std::printf(
      "-c cmd : program passed in as string (terminates option list)\n-m mod : run library module "
      "as a script (terminates option list)\n");
  for (bool vm : {false, true}) {
    if (vm && !all) {
      std::printf("--help-all: the options of the virtual machine, too\n");
      break;
    }
    for (const Row& r : rows())
      if (r.vm == vm)
        std::printf("%s%s%s : %s\n", r.names.c_str(),
                    r.value == nullptr ? ""
                    : takes_value(r)   ? " "
                                       : "=",
                    r.value == nullptr ? "" : r.value, r.help);
  }
  std::printf(
      "file   : program read from script file\n-      : program read from stdin (default; "
      "interactive mode if a tty)\narg ...: arguments passed to program in sys.argv[1:]\n");
}

// Splits argv at the program: the options, in CLI11's form, and where the rest begins. Short
// switches may be run together as in CPython (-IS, -OO, -Wignore, -ccommand).
int split(int argc, char** argv, Settings* s, std::vector<std::string>* options) {
  int i = 1;
  for (; i < argc; ++i) {
    const std::string arg = argv[i];
    if (arg == "-" || arg.empty() || arg[0] != '-') break;
    if (arg.rfind("--", 0) == 0) {
      if (arg == "--") return i + 1;
      const size_t eq = arg.find('=');
      const Row* row = find_row(arg.substr(0, eq));
      if (row == nullptr) {
        std::vector<std::string> known;
        for (const Row& r : rows())
          for (const std::string& n : names_of(r))
            if (n.size() > 2) known.push_back(n);
        throw UsageError{"unknown option " + arg.substr(0, eq) + nearest(arg.substr(0, eq), known)};
      }
      if (takes_value(*row) && eq == std::string::npos) {
        if (i + 1 >= argc) throw UsageError{"Argument expected for the " + arg + " option"};
        options->push_back(arg + "=" + argv[++i]);
      } else if (row->value == nullptr && eq != std::string::npos) {
        throw UsageError{arg.substr(0, eq) + " takes no value"};
      } else {
        options->push_back(row->value != nullptr && eq == std::string::npos ? arg + "=text" : arg);
      }
      continue;
    }
    for (size_t k = 1; k < arg.size(); ++k) {
      const std::string name = std::string("-") + arg[k];
      if (arg[k] == 'c' || arg[k] == 'm') {
        s->run = arg[k] == 'c' ? Settings::Run::kCommand : Settings::Run::kModule;
        if (k + 1 < arg.size()) {
          s->target = arg.substr(k + 1);
          return i + 1;
        }
        if (i + 1 >= argc) throw UsageError{"Argument expected for the " + name + " option"};
        s->target = argv[i + 1];
        return i + 2;
      }
      const Row* row = find_row(name);
      if (row == nullptr) throw UsageError{"Unknown option: " + name};
      if (!takes_value(*row)) {
        options->push_back(name);
        continue;
      }
      if (k + 1 < arg.size()) {
        options->push_back(name + arg.substr(k + 1));
      } else if (i + 1 < argc) {
        options->push_back(name);
        options->push_back(argv[++i]);
      } else {
        throw UsageError{"Argument expected for the " + name + " option"};
      }
      break;
    }
  }
  return i;
}

void parse_options(const std::vector<std::string>& options, Settings* s) {
  CLI::App app;
  app.set_help_flag();
  std::vector<std::pair<std::string, std::vector<std::string>>> given(rows().size());
  std::vector<std::vector<std::string>> values(rows().size());
  std::vector<int> counts(rows().size());
  for (size_t i = 0; i < rows().size(); ++i) {
    const Row& r = rows()[i];
    if (r.names.find("-?") != std::string::npos) {
      app.add_flag("-h,--help", counts[i], r.help);
    } else if (r.value == nullptr) {
      app.add_flag(r.names, counts[i], r.help);
    } else {
      app.add_option(r.names, values[i], r.help)->allow_extra_args(false)->take_all();
    }
  }
  std::vector<std::string> reversed;
  for (auto it = options.rbegin(); it != options.rend(); ++it)
    reversed.push_back(*it == "-?" ? "-h" : *it);
  try {
    app.parse(reversed);
  } catch (const CLI::ParseError& e) {
    throw UsageError{e.what()};
  }
  for (size_t i = 0; i < rows().size(); ++i) {
    for (int k = 0; k < counts[i]; ++k) rows()[i].set(*s, "");
    for (const std::string& v : values[i]) rows()[i].set(*s, v);
  }
}

const char* variable(const Settings& s, const char* name) {
  if (s.runtime.ignore_environment) return nullptr;
  const char* v = std::getenv(name);
  return v != nullptr && *v != 0 ? v : nullptr;
}

int level(const char* v) {
  const int n = std::atoi(v);
  return n > 0 ? n : 1;
}

void read_environment(Settings* s) {
  vm::RuntimeOptions& r = s->runtime;
  if (const char* v = variable(*s, "PYTHONDONTWRITEBYTECODE")) r.dont_write_bytecode = v != nullptr;
  if (variable(*s, "PYTHONUNBUFFERED")) r.unbuffered = true;
  if (variable(*s, "PYTHONNOUSERSITE")) r.no_user_site = true;
  if (variable(*s, "PYTHONSAFEPATH")) r.safe_path = true;
  if (variable(*s, "PYTHONINSPECT")) r.inspect = true;
  if (variable(*s, "PYTHONDEVMODE")) r.dev_mode = true;
  if (const char* v = variable(*s, "PYTHONOPTIMIZE")) r.optimize = std::max(r.optimize, level(v));
  if (const char* v = variable(*s, "PYTHONVERBOSE")) r.verbose = std::max(r.verbose, level(v));
  if (const char* v = variable(*s, "PYTHONINTMAXSTRDIGITS"))
    r.int_max_str_digits = static_cast<int64_t>(number("PYTHONINTMAXSTRDIGITS", v));
  if (const char* v = variable(*s, "PYTHONHASHSEED"); v != nullptr && std::string(v) != "random") {
    char* end = nullptr;
    const unsigned long long seed = std::strtoull(v, &end, 10);
    if (*end != 0 || seed > 4294967295ULL) {
      std::fprintf(
          stderr,
          "Fatal Python error: config_init_hash_seed: PYTHONHASHSEED must be \"random\" or an "
          "integer in range [0; 4294967295]\nPython runtime state: preinitialized\n");
      std::exit(1);
    }
    r.hash_random = false;
    r.hash_seed = seed;
  }
  if (const char* v = variable(*s, "PYTHONWARNINGS")) {
    std::string text = v;
    std::vector<std::string> all;
    size_t at = 0;
    while (at <= text.size()) {
      const size_t comma = std::min(text.find(',', at), text.size());
      if (comma > at) all.push_back(text.substr(at, comma - at));
      at = comma + 1;
    }
    r.warn_options.insert(r.warn_options.begin(), all.begin(), all.end());
  }
  if (r.stdlib_dir.empty()) {
    if (const char* v = std::getenv("PYSTM_STDLIB"); v != nullptr && *v != 0) r.stdlib_dir = v;
  }
}

}  // namespace

int parse_command_line(int argc, char** argv, Settings* s) {
  try {
    std::vector<std::string> options;
    int rest = split(argc, argv, s, &options);
    parse_options(options, s);
    read_environment(s);
    if (s->run == Settings::Run::kInteractive && rest < argc) {
      const std::string program = argv[rest];
      s->run = program == "-" ? Settings::Run::kStdin : Settings::Run::kScript;
      s->target = program;
      s->runtime.argv.push_back(program);
      ++rest;
    } else if (s->run == Settings::Run::kCommand) {
      s->runtime.argv.push_back("-c");
    } else if (s->run == Settings::Run::kModule) {
      s->runtime.argv.push_back("-m");
    } else {
      s->runtime.argv.push_back("");
    }
    for (; rest < argc; ++rest) s->runtime.argv.push_back(argv[rest]);
  } catch (const UsageError& e) {
    std::fprintf(stderr,
                 "%s\nusage: %s [option] ... [-c cmd | -m mod | file | -] [arg] ...\nTry `pystm "
                 "-h' for more information.\n",
                 e.text.c_str(), argv[0]);
    return 2;
  }
  if (s->help || s->help_all) {
    print_help(s->help_all);
    return 0;
  }
  if (s->version > 0) {
    std::printf(s->version == 1 ? "Python 3.11.2 (pystm 0.1.0)\n"
                                : "Python 3.11.2 (pystm 0.1.0, " __DATE__ ")\n[GCC " __VERSION__
                                  "]\n");
    return 0;
  }
  return -1;
}

}  // namespace pystm::tool
