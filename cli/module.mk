CLI += cli/cli.c
CLI += cli/cmd_config.c
CLI += cli/command.c
CLI += cli/main.c
CLI += cli/option.c
CLI += cli/print.c cli/print_table.c
CLI += cli/progress.c
