// The program lenet-lab. Everything but this line is in the module cli, where the tests can reach it.
#include "cli/program.h"

int main(int argc, char** argv) { return lenet::cli::run(argc, argv); }
