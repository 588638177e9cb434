# Keeps one PostgreSQL server: does as it is told, one word a line, until nobody is left to tell it
# anything, however they ended. Then the server and its folder go.
# Arguments: the folder of the server's programs, the server's own folder.
programs=$1 folder=$2
cd "$folder" || exit 1

control() { "$programs/pg_ctl" -D data -s -w -t 60 "$@" </dev/null >>programs.log 2>&1; }

make() {
    "$programs/initdb" -D data -U postgres -A trust --no-sync -E UTF8 --locale=C \
        </dev/null >>programs.log 2>&1 &&
        cat settings >>data/postgresql.conf && cp hba data/pg_hba.conf
}

told() { if "$@"; then echo done; else echo failed; fi; }

while read -r word argument; do
    case $word in
        make) told make ;;
        start) told control start -l server.log -o "-p $argument" ;;
        stop) told control stop -m "$argument" ;;
    esac
done

# One that stands still would not hear that it is to end.
if [ -f data/postmaster.pid ]; then
    read -r server <data/postmaster.pid
    kill -CONT "$server"
    control stop -m immediate || kill -KILL "$server"
fi
cd / && rm -rf "$folder"
