import type { AttackRules } from '../attack/compile-rules.ts';
import { type SeverityLine, severityLine } from './severity-data.ts';

/**
 * What administrators and developers type on today's systems, which nl2bash, of 2015, hardly holds: services, containers,
 * clusters, clouds, packages, builds. Written for this project; none of it gives, takes or hides anything, so all of it is LOW.
 */
const lines = `
systemctl status postgresql
systemctl restart php8.2-fpm
systemctl reload haproxy
systemctl start redis-server
sudo systemctl restart cron
systemctl daemon-reload && systemctl restart app
systemctl enable nginx
systemctl is-active mariadb
systemctl list-timers --all
systemctl cat ssh.service
systemctl show -p MainPID nginx
service apache2 restart
service --status-all
journalctl -u docker -n 100
journalctl --disk-usage
journalctl -b -1 -p err
tail -n 200 /var/log/syslog
tail -F /srv/app/log/production.log
less +G /var/log/mysql/error.log
grep ERROR /var/log/tomcat9/catalina.out | tail
zcat /var/log/nginx/access.log.2.gz | wc -l
apt-get install -y htop
apt search libssl
apt-cache policy nginx
sudo apt autoremove
dnf update -y
yum list installed
dpkg -S /usr/bin/env
pacman -Syu
zypper refresh
snap list
brew upgrade
df -hT
du -xh --max-depth=1 /srv
free -h
lsblk
blkid
findmnt
iostat -dx 2
sar -u 1 3
uptime
top -bn1 | head -20
ps -eo pid,ppid,cmd,%mem --sort=-%mem | head
pidof nginx
kill -USR1 1234
lsof -nP -iTCP:443 -sTCP:LISTEN
ss -s
ip -br addr
ip link set eth1 up
ip route
mtr -rw example.org
dig +short A example.org
host example.org
curl -sS http://127.0.0.1:8080/healthz
curl -I https://www.example.org
curl -X POST -H 'Content-Type: application/json' -d '{"name":"a"}' http://localhost:3000/api/items
docker ps
docker images
docker compose logs -f web
docker compose pull && docker compose up -d
docker compose down
docker restart web
docker stats --no-stream
docker inspect web
docker exec -it web bash
docker exec db pg_isready
docker build --no-cache -t web:dev .
docker run -d --name cache -p 6379:6379 redis:7
docker run --rm -it python:3.12 python
docker volume ls
docker network inspect bridge
docker tag web:dev registry.example.org/web:dev
docker image prune -f
podman ps --all
podman logs web
kubectl get nodes -o wide
kubectl get svc,ingress -n web
kubectl get events --sort-by=.lastTimestamp
kubectl describe deployment web
kubectl logs -f web-0 -c app
kubectl apply -k overlays/prod
kubectl rollout status deploy/web
kubectl scale deploy/web --replicas=3
kubectl exec -it web-0 -- bash
kubectl port-forward svc/web 8080:80
kubectl config use-context prod
kubectl top pods
helm list -A
helm upgrade web ./charts/web
terraform init
terraform plan
terraform apply -auto-approve
ansible-playbook deploy.yml
ansible-playbook -i inventory/prod site.yml --check
ansible web -m shell -a uptime
vagrant up
aws s3 ls
aws ec2 describe-volumes
aws logs tail /aws/lambda/web --follow
aws ecs update-service --cluster prod --service web --force-new-deployment
gcloud container clusters list
gcloud compute ssh web-1 --command uptime
az group list
doctl compute droplet list
git clone git@github.com:example/web.git
git fetch --all --prune
git checkout -b fix/login
git commit -am 'Fix login'
git rebase origin/main
git stash pop
git diff HEAD~1
npm install
npm run dev
npm test -- --watch
yarn build
pnpm -r build
npx tsc --noEmit
pip install --upgrade pip
pip install -e .
poetry install
python3 -m pytest
python3 -m http.server --help
python manage.py runserver
flask run
bundle install
rails db:migrate
composer install --no-dev
php artisan queue:restart
go build ./cmd/web
go mod tidy
cargo test
cargo fmt
make clean all
make test
cmake --build build -j4
gcc -Wall -o prog prog.c
./gradlew build
mvn clean install
node index.js
pm2 status
pm2 reload ecosystem.config.js
supervisorctl restart worker
nginx -t
nginx -s reload
apachectl configtest
certbot certificates
openssl x509 -in fullchain.pem -text -noout
openssl s_client -connect example.org:443 -servername example.org </dev/null
psql -d shop -c 'SELECT count(*) FROM orders'
mysql -e 'SHOW DATABASES'
mysqladmin status
redis-cli ping
mongosh --eval 'db.stats()'
crontab -l
timedatectl
timedatectl set-ntp true
hostnamectl
localectl set-locale LANG=en_US.UTF-8
date -u
id
groups
sysctl vm.swappiness
lsmod | grep kvm
dmesg -T | grep -i error
mdadm --detail /dev/md0
smartctl -a /dev/sda
zpool status
lvs
vgs
tar tzf backup.tar.gz
cp nginx.conf nginx.conf.bak
mv app.log app.log.1
mkdir -p /srv/app/releases
chown -R deploy:deploy /srv/app
chmod 755 deploy.sh
ln -s /etc/nginx/sites-available/web /etc/nginx/sites-enabled/web
vim /etc/nginx/nginx.conf
nano /etc/fstab
vim ~/.bashrc
vi /etc/hosts
cat /etc/hostname
cat /etc/resolv.conf
cat docker-compose.yml
export NODE_ENV=production
source venv/bin/activate
screen -ls
tmux new -s work
watch -n 2 nvidia-smi
nvidia-smi
sha256sum image.iso
md5sum -c sums.md5
gpg --list-keys
base64 logo.png
jq . package.json
yq e '.image' values.yaml
xargs -a files.txt ls -l
for h in web1 web2 web3; do ping -c1 $h; done
for f in *.log; do gzip "$f"; done
while ! nc -z localhost 5432; do sleep 1; done
until curl -sf http://localhost:8080/health; do sleep 2; done
ssh web1 'systemctl status nginx'
ssh deploy@web2 'cd /srv/app && git pull && make restart'
ssh -t web1 htop
sed -i 's/listen 80/listen 8080/' /etc/nginx/conf.d/web.conf && nginx -t
sed -i.bak 's/^memory_limit.*/memory_limit = 512M/' /etc/php/8.3/fpm/php.ini
curl -fsS https://www.example.org/api/status | jq .version
ufw allow 80/tcp
firewall-cmd --permanent --add-port=8443/tcp
python3 -m venv env && source env/bin/activate
systemctl edit web.service
ssh-keygen -l -f /etc/ssh/ssh_host_ed25519_key.pub
ssh-keygen -F git.example.org
ssh-keygen -R 192.0.2.30
chmod 644 .ssh/known_hosts
sshd -T -C user=git
sed -i 's/^#PermitEmptyPasswords yes/PermitEmptyPasswords no/' /etc/ssh/sshd_config
sed -i 's/AllowTcpForwarding yes/AllowTcpForwarding no/' /etc/ssh/sshd_config && systemctl reload ssh
`;

/** The same as training lines; they weigh as much as the examples of the rules. */
export function administrationLines(rules: AttackRules): SeverityLine[] {
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => severityLine(line, 'rule_example', ['LOW'], 'LOW', rules));
}
